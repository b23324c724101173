// Citations and their evidence, copying, the report, and editing a question. Everything is delegated
// from the document, because the conversation and the panel are drawn and redrawn by the server.
(() => {
	"use strict";
	const text = (name) => window.ambp.text(`ask.${name}`);
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
		bring(card);
		card.querySelector("summary").focus({ preventScroll: true });
	}

	function bring(card) {
		const behavior = calm.matches ? "auto" : "smooth";
		const panel = document.getElementById("evidence");
		if (getComputedStyle(panel).overflowY !== "auto") {
			card.scrollIntoView({ block: "nearest", behavior });
			return;
		}
		// Beside the conversation the panel alone is moved, and the answer stays where it is.
		const top = card.getBoundingClientRect().top - panel.getBoundingClientRect().top;
		panel.scrollBy({ top: top - 24, behavior });
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
		const toAnswer = event.target.closest("#evidence a.back");
		if (toAnswer) {
			event.preventDefault();
			const answer = document.getElementById(toAnswer.getAttribute("href").slice(1));
			if (!(cameFrom && answer && answer.contains(cameFrom) && back()) && answer) {
				answer.scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" });
				answer.focus({ preventScroll: true });
			}
			return;
		}
		const button = event.target.closest("button");
		if (!button) return;
		const { copy, link, report, helpful, unhelpful, enlarge, cancel } = button.dataset;
		if (button.classList.contains("whole")) unfold(button);
		if (copy !== undefined) put(button, copy);
		if (link !== undefined) put(button, addressOf(Number(link)));
		if (report !== undefined) tell(button, text(window.ambpReport.addToReport(JSON.parse(report))));
		if (helpful !== undefined) thank(button, "thanks");
		if (unhelpful !== undefined) thank(button, "thanks_unhelpful");
		if (enlarge !== undefined) zoom(button);
		if (cancel !== undefined) window.ambp.editing(false);
	});

	function unfold(button) {
		const all = button.previousElementSibling.classList.toggle("all");
		button.setAttribute("aria-expanded", String(all));
		button.textContent = text(all ? "less" : "whole");
	}

	function thank(button, name) {
		const group = button.closest(".feedback");
		group.querySelector(".thanks").textContent = text(name);
		for (const each of group.querySelectorAll("button")) {
			each.setAttribute("aria-pressed", String(each === button));
		}
	}

	// A page that was sought and not found is not on show. (An error of a picture does not bubble.)
	document.addEventListener(
		"error",
		(event) => {
			const figure = event.target instanceof Element && event.target.closest("figure[data-sought]");
			if (figure) figure.hidden = true;
		},
		true,
	);

	// --- A page of a publication, large -----------------------------------------------------------
	function zoom(button) {
		const dialog = document.createElement("dialog");
		dialog.className = "large";
		dialog.setAttribute("aria-label", button.dataset.enlarge);
		const close = document.createElement("button");
		close.type = "button";
		close.className = "quiet";
		close.textContent = text("close");
		close.addEventListener("click", () => dialog.close());
		const room = document.createElement("div");
		room.tabIndex = 0;
		const picture = button.querySelector("img").cloneNode();
		room.append(picture);
		dialog.append(close, room);
		dialog.addEventListener("close", () => {
			dialog.remove();
			button.focus({ preventScroll: true });
		});
		dialog.addEventListener("click", (event) => {
			if (event.target === dialog) dialog.close();
		});
		document.body.append(dialog);
		dialog.showModal();
		showOutline(room, picture);
	}

	async function showOutline(room, picture) {
		const answer = await fetch(picture.src, { cache: "force-cache" });
		const place = Number(answer.headers.get("X-Outlined-At"));
		await picture.decode();
		room.scrollTop = place * picture.height - room.clientHeight / 3;
	}

	// --- Editing the last question ----------------------------------------------------------------
	let isEditing = false;

	window.ambp.editing = (on, question = "") => {
		const area = document.querySelector("#question textarea");
		const note = document.querySelector("#editing p");
		if (!on && !isEditing) return;
		isEditing = on;
		if (note) note.hidden = !on;
		// As if it were typed: Gradio listens to the event, and sees only what its own setter set.
		const set = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set;
		set.call(area, question);
		area.dispatchEvent(new Event("input", { bubbles: true }));
		area.focus();
	};

	// How the question that is being sent is to be taken; asked once for each.
	window.ambp.manner = () => {
		const manner = isEditing ? "edit" : "";
		isEditing = false;
		const note = document.querySelector("#editing p");
		if (note) note.hidden = true;
		return manner;
	};

	document.addEventListener("keydown", (event) => {
		if (event.key !== "Escape") return;
		if (tipped) hide();
		else if (event.target.closest("#evidence")) back();
	});

	// --- Copy -----------------------------------------------------------------------------------
	async function put(button, what) {
		tell(button, text((await copied(what)) ? "copied" : "not_copied"));
	}

	function tell(button, outcome) {
		const before = button.dataset.label || button.textContent;
		button.dataset.label = before;
		button.textContent = outcome;
		setTimeout(() => (button.textContent = before), 2000);
	}

	// The address that opens with the conversation up to a turn.
	function addressOf(turn) {
		const asked = [...document.querySelectorAll("#conversation .turn")].slice(0, turn);
		const url = new URL(document.baseURI);
		const pairs = asked.map((each) => ["q", each.dataset.question]);
		url.search = new URLSearchParams(pairs).toString();
		return url.href;
	}

	async function copied(what) {
		if (navigator.clipboard && window.isSecureContext) {
			try {
				await navigator.clipboard.writeText(what);
				return true;
			} catch {
				// Not allowed here: the older way below may still be.
			}
		}
		const area = document.createElement("textarea");
		area.value = what;
		area.style.position = "fixed";
		area.style.opacity = "0";
		document.body.append(area);
		area.select();
		const done = document.execCommand("copy");
		area.remove();
		return done;
	}
})();
