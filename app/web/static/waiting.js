// Asks how far the start is, shows it, and loads the chat when it is there.
(() => {
	"use strict";
	const part = (id) => document.getElementById(id);
	const dark = window.matchMedia("(prefers-color-scheme: dark)");
	const paint = () => document.body.classList.toggle("dark", dark.matches);
	dark.addEventListener("change", paint);
	paint();

	function put(id, text) {
		// Only what is new: the stage is a live region, and is not to be read out twice a second.
		if (part(id).textContent !== text) part(id).textContent = text;
	}

	function draw(state) {
		part("failed").hidden = !state.problem;
		part("going").hidden = Boolean(state.problem);
		put("problem", state.problem ? `${state.problem.replace(/\.$/, "")}.` : "");
		put("remedy", state.remedy);
		put("stage", state.stage);
		const known = state.percent !== null;
		put("count", known ? `${state.done} of ${state.total} · ${state.percent} %` : "");
		put("name", state.name || "\u00a0");
		if (known) part("bar").value = state.percent / 100;
		else part("bar").removeAttribute("value");
	}

	async function look() {
		try {
			const answer = await fetch("/start/progress", { cache: "no-store" });
			const state = await answer.json();
			if (state.ready) {
				window.location.reload();
				return;
			}
			draw(state);
		} catch {
			put("stage", "The server does not answer. Is it still running?");
			put("count", "");
		}
		setTimeout(look, 500);
	}

	part("again").addEventListener("click", async () => {
		part("failed").hidden = true;
		part("going").hidden = false;
		await fetch("/start/again", { method: "POST" });
	});
	look();
})();
