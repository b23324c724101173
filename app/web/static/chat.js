// Citations, their evidence, and copying. Everything is delegated from the document, because the
// conversation and the panel are drawn and redrawn by the server.
(() => {
	"use strict";
	const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
	let cameFrom = null; // the number that was followed to the evidence

	const cardOf = (cite) => document.getElementById(cite.getAttribute("href").slice(1));

	function open(cite) {
		const card = cardOf(cite);
		if (!card) return;
		for (const section of document.querySelectorAll("#evidence .of-turn")) {
			section.hidden = !section.contains(card);
		}
		for (const other of document.querySelectorAll("#evidence .card.chosen")) {
			other.classList.remove("chosen");
		}
		card.open = true;
		card.classList.add("chosen");
		cameFrom = cite;
		hide();
		card.scrollIntoView({ block: "nearest", behavior: calm.matches ? "auto" : "smooth" });
		card.querySelector("summary").focus({ preventScroll: true });
	}

	function back() {
		const cite = cameFrom && cameFrom.isConnected ? cameFrom : null;
		if (!cite) return false;
		cite.scrollIntoView({ block: "center", behavior: calm.matches ? "auto" : "smooth" });
		cite.focus({ preventScroll: true });
		return true;
	}

	// --- The quoted words, on hover and on focus ------------------------------------------------
	const tip = document.createElement("div");
	tip.id = "quote-tip";
	tip.setAttribute("role", "tooltip");
	tip.hidden = true;
	let tipped = null;

	function show(cite) {
		const card = cardOf(cite);
		if (!card) return;
		if (!tip.isConnected) document.body.append(tip);
		const quote = document.createElement("q");
		quote.textContent = card.querySelector("mark").textContent;
		const from = document.createElement("span");
		const title = card.querySelector(".title").textContent;
		const place = card.querySelector(".place").textContent;
		from.textContent = place ? `${title} · ${place}` : title;
		tip.replaceChildren(quote, from);
		tip.hidden = false;
		tipped = cite;
		cite.setAttribute("aria-describedby", tip.id);
		const spot = cite.getBoundingClientRect();
		const size = tip.getBoundingClientRect();
		const widest = document.documentElement.clientWidth - size.width - 8;
		const above = spot.top - size.height - 8;
		tip.style.left = `${Math.max(8, Math.min(spot.left - 16, widest))}px`;
		tip.style.top = `${above >= 8 ? above : spot.bottom + 8}px`;
	}

	function hide() {
		tip.hidden = true;
		if (tipped) tipped.removeAttribute("aria-describedby");
		tipped = null;
	}

	const citeAt = (event) =>
		event.target instanceof Element ? event.target.closest("a.cite") : null;

	document.addEventListener("pointerover", (event) => {
		if (event.pointerType === "touch") return;
		const cite = citeAt(event);
		if (cite) show(cite);
		else if (tipped && !tip.contains(event.target)) hide();
	});
	document.addEventListener("focusin", (event) => {
		const cite = citeAt(event);
		if (cite && cite.matches(":focus-visible")) show(cite);
		else hide();
	});
	window.addEventListener("scroll", hide, { passive: true });

	// --- Clicks and keys ------------------------------------------------------------------------
	document.addEventListener("click", (event) => {
		const cite = citeAt(event);
		if (cite) {
			event.preventDefault();
			open(cite);
			return;
		}
		const link = event.target.closest("#evidence a.back");
		if (link) {
			event.preventDefault();
			const answer = document.getElementById(link.getAttribute("href").slice(1));
			if (!(cameFrom && answer && answer.contains(cameFrom) && back()) && answer) {
				answer.scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" });
				answer.focus({ preventScroll: true });
			}
			return;
		}
		const whole = event.target.closest("#evidence .whole");
		if (whole) {
			const all = whole.previousElementSibling.classList.toggle("all");
			whole.setAttribute("aria-expanded", String(all));
			whole.textContent = all ? "Show less" : "Show the whole passage";
			return;
		}
		const copy = event.target.closest("[data-copy]");
		if (copy) put(copy);
	});
	document.addEventListener("keydown", (event) => {
		if (event.key !== "Escape") return;
		if (tipped) hide();
		else if (event.target.closest("#evidence")) back();
	});

	// --- Copy -----------------------------------------------------------------------------------
	async function put(button) {
		const text = button.dataset.copy;
		const before = button.dataset.label || button.textContent;
		button.dataset.label = before;
		button.textContent = (await copied(text)) ? "Copied" : "Could not copy";
		setTimeout(() => (button.textContent = before), 2000);
	}

	async function copied(text) {
		if (navigator.clipboard && window.isSecureContext) {
			try {
				await navigator.clipboard.writeText(text);
				return true;
			} catch {
				// Not allowed here: the older way below may still be.
			}
		}
		const area = document.createElement("textarea");
		area.value = text;
		area.style.position = "fixed";
		area.style.opacity = "0";
		document.body.append(area);
		area.select();
		const done = document.execCommand("copy");
		area.remove();
		return done;
	}
})();
