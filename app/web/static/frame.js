// Runs before anything else of a page: the visitor's language and appearance, which are kept in this
// browser alone, and what the frame around the pages does.
(() => {
	"use strict";
	const config = window.gradio_config ?? {};
	const LANGUAGES = Object.keys(config.i18n_translations ?? { en: {} });
	// Those of our languages that Gradio has texts of its own in; it takes no other for a language.
	const GRADIOS = ["en", "es", "fr", "de"];
	const root = document.documentElement;
	const darkness = window.matchMedia("(prefers-color-scheme: dark)");

	function kept(name) {
		try {
			return window.localStorage.getItem(`ambp-${name}`);
		} catch {
			return null; // storage is switched off
		}
	}

	function keep(name, value) {
		try {
			window.localStorage.setItem(`ambp-${name}`, value);
		} catch {
			// It holds until the page is left.
		}
	}

	// --- Language -------------------------------------------------------------------------------
	const wanted = [kept("language"), ...navigator.languages.map((tag) => tag.split("-")[0])];
	const language = wanted.find((each) => LANGUAGES.includes(each)) ?? "en";
	const texts = config.i18n_translations?.[language] ?? {};
	window.ambp = { language, kept, keep, text: (name) => texts[name] ?? name };
	// Gradio's i18n asks the browser, and has no other way to be told. Where Gradio lacks the
	// language, our texts stand in for its English ones.
	const gradios = GRADIOS.includes(language) ? language : "en";
	Object.defineProperty(navigator, "language", { value: gradios, configurable: true });
	config.i18n_translations = { [gradios]: texts };
	config.title = texts[`title.${config.current_page ?? ""}`] ?? "";

	function name() {
		if (root.lang !== language) root.lang = language;
	}

	name();
	new MutationObserver(name).observe(root, { attributeFilter: ["lang"] });

	// --- Appearance -----------------------------------------------------------------------------
	function paint() {
		const chosen = kept("appearance");
		const dark = chosen === "dark" || (chosen !== "light" && darkness.matches);
		root.classList.toggle("dark", dark);
		document.body?.classList.toggle("dark", dark);
	}

	paint();
	darkness.addEventListener("change", paint);
	document.addEventListener("DOMContentLoaded", () => {
		paint();
		// Gradio sets the class as the system has it, when it is loaded and whenever that changes.
		new MutationObserver(paint).observe(document.body, { attributeFilter: ["class"] });
	});

	// --- Switches, skip link, badge ---------------------------------------------------------------
	document.addEventListener("change", (event) => {
		const name = event.target.dataset?.keep;
		if (!name) return;
		keep(name, event.target.value);
		if (name === "language") window.location.reload();
		else paint();
	});

	document.addEventListener("click", (event) => {
		const skip = event.target.closest?.("a.skip");
		if (!skip) return;
		event.preventDefault();
		const content = document.getElementById("content");
		content.tabIndex = -1;
		content.focus();
	});

	function count(number) {
		for (const badge of document.querySelectorAll('[data-page="report"] .badge')) {
			badge.textContent = number ? String(number) : "";
			badge.hidden = !number;
		}
	}

	window.addEventListener("report-changed", (event) => count(event.detail));

	// Called when the head of the page has been drawn.
	window.ambp.framed = () => {
		const appearance = document.getElementById("choose-appearance");
		if (appearance) appearance.value = kept("appearance") ?? "system";
		count(window.ambpReport?.items().length ?? 0);
	};
})();
