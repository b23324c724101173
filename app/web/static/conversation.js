// Runs inside the two halves of the conversation (gr.HTML): hands what is clicked in them to the
// server. In the half with the newest turn it also keeps that in view while it grows, and keeps the
// conversation in this browser: as its questions, which are asked again when it is opened again.
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
const isNewest = Boolean(element.closest("#newest"));
const KEPT = "conversations";
const MOST_KEPT = 30;
const NOW = "ambp-now"; // this tab's conversation, for when one comes back from another page
const LONGEST_ADDRESS = 1900; // characters; the oldest questions go first

const box = () => document.querySelector("#question textarea");
const turns = () => [...document.querySelectorAll("#conversation .turn")];
const questions = () => turns().map((turn) => turn.dataset.question);
const busy = () => document.querySelector('#newest [aria-busy="true"]');

function address(asked) {
	const url = new URL(document.baseURI);
	for (let first = 0; first < asked.length; first += 1) {
		url.search = new URLSearchParams(asked.slice(first).map((each) => ["q", each])).toString();
		if (url.href.length <= LONGEST_ADDRESS) break;
	}
	return url.href;
}

function conversations() {
	try {
		const held = JSON.parse(window.ambp.kept(KEPT) || "[]");
		return Array.isArray(held) ? held.filter((each) => Array.isArray(each.questions)) : [];
	} catch {
		return []; // not what we put there
	}
}

// --- Clicks -------------------------------------------------------------------------------------
element.addEventListener("click", (event) => {
	const button = event.target.closest("button");
	if (!button) return;
	const { ask, retry, edit, open, unhelpful, forget } = button.dataset;
	if (unhelpful !== undefined) trigger("like", { turn: Number(unhelpful) });
	if (forget !== undefined) {
		window.ambp.keep(KEPT, "[]");
		list();
		box()?.focus();
	}
	if (busy()) return;
	if (ask !== undefined || retry !== undefined || open !== undefined) window.ambp.editing(false);
	if (ask !== undefined) trigger("submit", { question: ask });
	if (retry !== undefined) trigger("submit", { retry: true });
	if (edit !== undefined) window.ambp.editing(true, questions().at(-1));
	if (open !== undefined) {
		const held = conversations().find((each) => each.id === open);
		if (held) trigger("submit", { questions: held.questions });
	}
});

// --- Earlier conversations, on the start page -----------------------------------------------------
function list() {
	const section = document.getElementById("history");
	if (!section) return;
	const held = conversations();
	section.hidden = !held.length;
	section.querySelector("ul").replaceChildren(
		...held.slice(0, 10).map((each) => {
			const item = document.createElement("li");
			const button = document.createElement("button");
			button.type = "button";
			button.className = "ask-this";
			button.dataset.open = each.id;
			const title = document.createElement("span");
			title.textContent = each.questions[0];
			const more = document.createElement("span");
			more.className = "more";
			const count = each.questions.length;
			const locale = window.ambp.language === "en" ? "en-GB" : window.ambp.language;
			const day = new Date(each.when).toLocaleDateString(locale, { dateStyle: "long" });
			const name = count === 1 ? "ask.questions_one" : "ask.questions_many";
			more.textContent = `${window.ambp.text(name).replace("{count}", count)}, ${day}`;
			button.append(title, more);
			item.append(button);
			return item;
		}),
	);
}

if (!isNewest) {
	watch("value", () => requestAnimationFrame(list));
	list();
}

// --- The newest turn ------------------------------------------------------------------------------
function remember() {
	const asked = questions();
	window.history.replaceState(null, "", asked.length ? address(asked) : document.baseURI);
	window.sessionStorage.setItem(NOW, JSON.stringify(asked));
	if (!asked.length) return;
	// It goes on with the one that it began with, or whose last question was edited.
	const goesOn = (each) =>
		each.questions[0] === asked[0] &&
		each.questions.slice(0, -1).every((question, place) => question === asked[place]);
	const held = conversations();
	const same = held.find(goesOn);
	const now = { id: same?.id ?? String(Date.now()), when: Date.now(), questions: asked };
	const others = held.filter((each) => each !== same);
	window.ambp.keep(KEPT, JSON.stringify([now, ...others].slice(0, MOST_KEPT)));
}

const gone = (each) =>
	!each.isConnected || !each.checkVisibility({ visibilityProperty: true, checkVisibilityCSS: true });

// What had the focus went with what was redrawn or hidden: it goes on where things go on, instead of
// starting over at the top of the page.
function refocus(focused) {
	const current = document.activeElement;
	if (current !== document.body && !gone(current)) return;
	if (!focused || !gone(focused)) return;
	const answer = turns().at(-1)?.querySelector(".answer");
	(answer ?? document.querySelector(".start h1"))?.focus({ preventScroll: true });
}

if (isNewest) {
	let focused = null; // what had the focus last
	document.addEventListener("focusin", (event) => (focused = event.target));

	let following = null; // the turn that is kept in view
	let left = false; // the visitor has scrolled away from it
	for (const kind of ["wheel", "touchmove", "keydown"]) {
		window.addEventListener(kind, () => (left = true), { passive: true });
	}

	watch("value", () => {
		requestAnimationFrame(() => {
			const all = turns();
			const last = all.at(-1);
			if (!busy()) remember();
			refocus(focused);
			if (!last) {
				following = null;
				window.scrollTo({ top: 0 });
				return;
			}
			const fresh = last.id !== following || last.classList.contains("waiting");
			if (fresh) left = false;
			if (left || all.length < 2) return;
			following = last.id;
			const bar = document.getElementById("top").offsetHeight;
			const top = last.getBoundingClientRect().top + window.scrollY - bar;
			window.scrollTo({ top, behavior: fresh && !calm.matches ? "smooth" : "auto" });
		});
	});

	// An address with questions opens with their answers.
	let asked = new URLSearchParams(window.location.search).getAll("q").filter(Boolean);
	if (!asked.length) asked = JSON.parse(window.sessionStorage.getItem(NOW) || "[]");
	if (asked.length) trigger("submit", { questions: asked });
}
