"""REST: what the assistant knows, for other programs, at ``/api`` of the server of the pages.

`build.api_app` puts it together. `gate` says whether the library is there yet and keeps too many
from coming at once, `border` turns away what must not come in, `problems` says in one form what
went wrong (RFC 9457).
"""
