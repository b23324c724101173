// Names for what the theme leaves without one, and keys to scroll what is too wide (WCAG 2.2).
document$.subscribe(() => {
	const one = (which) => [...document.querySelectorAll(which)];
	for (const search of one(".md-search")) search.setAttribute("aria-label", "Search");
	for (const [at, nav] of one(".md-code__nav").entries()) nav.setAttribute("aria-label", `Code ${at + 1}`);
	for (const wide of one(".md-typeset__scrollwrap")) wide.tabIndex = 0;
});
