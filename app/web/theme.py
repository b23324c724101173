"""The look that Gradio itself knows of: system fonts and quiet colours, nothing fetched.

Gradio's stock themes ask Google for their fonts. Everything else about the look is in
static/style.css, whose variables this theme points to.
"""

import gradio as gr

_SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Arial", "sans-serif")
_MONO = ("ui-monospace", "Consolas", "Liberation Mono", "monospace")


def quiet_theme() -> gr.themes.Base:
    """The theme of the pages."""
    theme = gr.themes.Base(font=_SANS, font_mono=_MONO)
    both = {
        "body_background_fill": "var(--page)",
        "background_fill_primary": "var(--page)",
        "block_background_fill": "transparent",
        "body_text_color": "var(--ink)",
        "body_text_color_subdued": "var(--muted)",
        "block_label_text_color": "var(--ink)",
        "block_title_text_color": "var(--ink)",
        "input_background_fill": "var(--surface)",
        "input_background_fill_focus": "var(--surface)",
        "input_border_color": "var(--edge)",
        "input_border_color_focus": "var(--accent)",
        "input_placeholder_color": "var(--muted)",
        "button_primary_background_fill": "var(--accent)",
        "button_primary_background_fill_hover": "var(--accent-strong)",
        "button_primary_text_color": "var(--on-accent)",
        "button_secondary_background_fill": "var(--surface)",
        "button_secondary_background_fill_hover": "var(--soft)",
        "button_secondary_text_color": "var(--ink)",
        "button_secondary_border_color": "var(--edge)",
        "border_color_primary": "var(--line)",
        "link_text_color": "var(--accent)",
    }
    return theme.set(
        **both,
        **{f"{name}_dark": value for name, value in both.items()},
        block_border_width="0px",
        block_shadow="none",
        input_shadow="none",
        input_shadow_focus="none",
    )
