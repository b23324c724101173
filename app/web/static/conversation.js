// Runs once inside the conversation (gr.HTML): hands what is clicked in it to the server, and
// keeps the newest question in view while its answer grows.
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
let following = null; // the turn that is kept in view
let left = false; // the visitor has scrolled away from it

element.addEventListener("click", (event) => {
	const button = event.target.closest("[data-ask], [data-retry]");
	if (!button || element.querySelector('[aria-busy="true"]')) return;
	trigger("submit", "ask" in button.dataset ? { question: button.dataset.ask } : { retry: true });
});

for (const kind of ["wheel", "touchmove", "keydown"]) {
	window.addEventListener(kind, () => (left = true), { passive: true });
}

// Not on a phone, where focus brings up the keyboard over the examples.
if (window.matchMedia("(pointer: fine)").matches) {
	requestAnimationFrame(() =>
		document.querySelector("#question textarea")?.focus({ preventScroll: true }),
	);
}

watch("value", () => {
	requestAnimationFrame(() => {
		const turns = element.querySelectorAll(".turn");
		const last = turns[turns.length - 1];
		if (!last) {
			following = null;
			window.scrollTo({ top: 0 });
			return;
		}
		const fresh = last.id !== following || last.classList.contains("waiting");
		if (fresh) left = false;
		if (left || turns.length < 2) return;
		following = last.id;
		const top = last.getBoundingClientRect().top + window.scrollY - 84;
		window.scrollTo({ top, behavior: fresh && !calm.matches ? "smooth" : "auto" });
	});
});
