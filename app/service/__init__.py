"""What every door of the program offers: questions, passages, records, sources; plain data in, out.

`requests` says what may be asked for, `data` what comes back, and `Service` carries it out. The
chat model's tools, REST, MCP and LangChain are these in the form that each of them wants.
"""

from app.requests import AskRequest, ConditionRequest, RecordRequest, SearchRequest
from app.service.service import Service

__all__ = ["Service", "AskRequest", "SearchRequest", "RecordRequest", "ConditionRequest"]
