// The page on which one explores: fetches the views, and what can be done in them. Everything is
// delegated from the document, because a view is put in as a whole.
(() => {
	"use strict";
	const KEY = "ambp-checklists"; // ticks, kept in this browser alone
	const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
	const held = new Map(); // views that have been fetched, by name
	let box = null; // where the view stands
	let current = ""; // its name
	let words = {};
	let cameFrom = null; // the number or marker that was followed

	const said = (key, fills) =>
		Object.entries(fills).reduce((text, [name, value]) => text.replace(`{${name}}`, value), words[key]);
	const tell = (text) => (document.getElementById("explore-status").textContent = text);

	// --- Views ----------------------------------------------------------------------------------
	const links = () => [...document.querySelectorAll(".explore-head [data-view]")];

	function viewOf(place) {
		const names = links().map((link) => link.dataset.view);
		if (names.includes(place)) return place;
		if (place.startsWith("region-")) return "regions";
		return names.find((name) => place.startsWith(`${name}-`)) ?? (current || names[0]);
	}

	async function show(place, byHand) {
		const name = viewOf(place);
		if (name !== current) {
			for (const link of links()) {
				if (link.dataset.view === name) link.setAttribute("aria-current", "page");
				else link.removeAttribute("aria-current");
			}
			current = name;
			hide();
			box.setAttribute("aria-busy", "true");
			const html = held.get(name) ?? (await fetched(name));
			if (current !== name) return; // another view was chosen meanwhile
			box.setAttribute("aria-busy", "false");
			if (!html) {
				box.textContent = box.dataset.failed;
				return;
			}
			held.set(name, html);
			box.innerHTML = html;
			words = JSON.parse(box.querySelector(".view").dataset.words);
			restore();
			if (byHand) {
				window.scrollTo({ top: 0 });
				box.querySelector("h2").focus({ preventScroll: true });
			}
		}
		const region = place.startsWith("region-") && document.getElementById(place);
		if (region) choose(region, byHand);
		else if (place !== name) go(document.getElementById(place));
	}

	async function fetched(name) {
		try {
			const answer = await fetch(`explore/${name}.html?language=${document.documentElement.lang}`);
			return answer.ok ? await answer.text() : "";
		} catch {
			return ""; // the server is not there
		}
	}

	function go(target) {
		if (!target) return;
		target.scrollIntoView({ block: "center", behavior: calm.matches ? "auto" : "smooth" });
		target.focus({ preventScroll: true });
	}

	const placeOf = (link) => decodeURIComponent(link.hash.slice(1));

	// Whichever comes last, this script or what Gradio draws, finds the other there.
	function start() {
		const drawn = document.getElementById("explore-view");
		if (!drawn || drawn === box) return;
		box = drawn;
		current = "";
		show(decodeURIComponent(window.location.hash.slice(1)), false);
	}

	window.addEventListener("hashchange", () => {
		if (box?.isConnected) show(decodeURIComponent(window.location.hash.slice(1)), true);
	});

	// --- Regions on the map -----------------------------------------------------------------------
	function choose(article, focus) {
		for (const other of document.querySelectorAll(".details article")) other.hidden = other !== article;
		for (const marker of document.querySelectorAll("a.marker")) {
			if (`region-${marker.dataset.region}` === article.id) marker.setAttribute("aria-current", "true");
			else marker.removeAttribute("aria-current");
		}
		if (!focus) return;
		article.scrollIntoView({ block: "nearest", behavior: calm.matches ? "auto" : "smooth" });
		article.focus({ preventScroll: true });
	}

	function close(article) {
		article.hidden = true;
		const marker = document.querySelector("a.marker[aria-current]");
		marker?.removeAttribute("aria-current");
		marker?.focus();
	}

	// --- What a number or a marker stands for, on hover and on focus --------------------------------
	const tip = document.createElement("div");
	tip.id = "explore-tip";
	tip.setAttribute("role", "tooltip");
	tip.hidden = true;
	let tipped = null;

	function hint(link) {
		const note = link.matches(".note") && document.getElementById(placeOf(link));
		const text = note ? note.querySelector(".said").textContent : link.getAttribute("aria-label");
		if (!text) return;
		if (!tip.isConnected) document.body.append(tip);
		tip.textContent = text;
		tip.hidden = false;
		tipped = link;
		if (note) link.setAttribute("aria-describedby", tip.id);
		const spot = link.getBoundingClientRect();
		const size = tip.getBoundingClientRect();
		const widest = document.documentElement.clientWidth - size.width - 8;
		const above = spot.top - size.height - 8;
		tip.style.left = `${Math.max(8, Math.min(spot.left - 16, widest))}px`;
		tip.style.top = `${above >= 8 ? above : spot.bottom + 8}px`;
	}

	function hide() {
		tip.hidden = true;
		tipped?.removeAttribute("aria-describedby");
		tipped = null;
	}

	const tippable = (event) =>
		event.target instanceof Element ? event.target.closest("a.note, a.marker") : null;

	document.addEventListener("pointerover", (event) => {
		if (event.pointerType === "touch") return;
		const link = tippable(event);
		if (link) hint(link);
		else if (tipped) hide();
	});
	document.addEventListener("focusin", (event) => {
		const link = tippable(event);
		if (link?.matches(":focus-visible")) hint(link);
		else hide();
	});
	window.addEventListener("scroll", hide, { passive: true });

	// --- Report -------------------------------------------------------------------------------------
	function cited(numbers) {
		const list = document.querySelector("[data-citations]");
		const all = list ? JSON.parse(list.dataset.citations) : [];
		return all.filter((citation) => numbers.includes(citation.n));
	}

	function add(button, { cited: numbers, ...item }) {
		const outcome = window.ambpReport.addToReport({ ...item, citations: cited(numbers) });
		button.dataset.label ??= button.textContent;
		button.textContent = words[outcome];
		button.classList.toggle("done", outcome !== "full");
		tell(`${item.title}: ${words[outcome]}`);
		setTimeout(() => {
			button.textContent = button.dataset.label;
			button.classList.remove("done");
		}, 2000);
	}

	// --- Tables -------------------------------------------------------------------------------------
	function find(input) {
		const wanted = input.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
		const rows = [...document.querySelectorAll(`#${input.dataset.find} tbody tr`)];
		for (const row of rows) {
			const text = row.textContent.toLocaleLowerCase();
			row.hidden = !wanted.every((word) => text.includes(word));
		}
		const n = rows.filter((row) => !row.hidden).length;
		const found = document.getElementById(input.dataset.find.replace(/-table$/, "-found"));
		found.textContent = wanted.length ? said("found", { n, total: rows.length }) : "";
	}

	function sort(button) {
		const head = button.closest("th");
		const down = head.getAttribute("aria-sort") === "ascending";
		for (const other of head.parentElement.children) {
			if (other.hasAttribute("aria-sort")) other.setAttribute("aria-sort", "none");
		}
		head.setAttribute("aria-sort", down ? "descending" : "ascending");
		const body = head.closest("table").tBodies[0];
		const order = new Intl.Collator(document.documentElement.lang, { numeric: true });
		const cells = [...body.rows].map((row) => row.cells[head.cellIndex]);
		const ranked = cells.some((cell) => cell.dataset.rank);
		const key = (cell) => {
			const value = ranked ? cell.dataset.rank : cell.textContent.trim();
			return cell.dataset.nothing !== undefined ? undefined : value;
		};
		const compare = (a, b) => {
			// What is not stated comes last, whichever way the rest goes.
			if (a === undefined || b === undefined) return (a ? 0 : 1) - (b ? 0 : 1);
			const by = ranked ? a - b : order.compare(a, b);
			return down ? -by : by;
		};
		const rows = cells.map((cell) => [key(cell), cell.parentElement]);
		body.append(...rows.sort(([a], [b]) => compare(a, b)).map(([, row]) => row));
	}

	// --- Checklist ------------------------------------------------------------------------------------
	const checklist = () => document.querySelector("form.checklist");

	function kept() {
		try {
			return JSON.parse(window.localStorage.getItem(KEY) || "{}") || {};
		} catch {
			return {}; // storage is switched off, or holds what is not ours
		}
	}

	function keep() {
		const form = checklist();
		const ticks = {};
		for (const input of form.querySelectorAll("input[type=radio]:checked")) {
			if (input.value !== "unknown") ticks[input.name] = input.value;
		}
		try {
			const all = { ...kept(), [form.dataset.checklist]: { for: form.elements.for.value, ticks } };
			window.localStorage.setItem(KEY, JSON.stringify(all));
		} catch {
			// They hold until the page is left.
		}
		count();
	}

	function restore() {
		const form = checklist();
		if (!form) return;
		const before = kept()[form.dataset.checklist] ?? {};
		form.elements.for.value = before.for ?? "";
		for (const input of form.querySelectorAll("input[type=radio]")) {
			input.checked = input.value === (before.ticks?.[input.name] ?? "unknown");
		}
		count();
	}

	const ticked = (item) => item.querySelector("input[type=radio]:checked").value;

	function count() {
		for (const tally of document.querySelectorAll("[data-tally]")) {
			const items = [...tally.closest(".group").querySelectorAll(".requirement")].map(ticked);
			const of = (state) => items.filter((each) => each === state).length;
			tally.textContent = said("tally", { met: of("met"), open: of("open"), unknown: of("unknown") });
		}
	}

	const requirements = () => [...document.querySelectorAll(".requirement")];
	const numbersOf = (item) => item.dataset.cited.split(" ").map(Number);

	function addChecklist(button) {
		const whose = checklist().elements.for.value.trim();
		const name = button.dataset.addChecklist;
		const rows = requirements().map((item) => [
			`${item.dataset.name} ${numbersOf(item).map((n) => `[${n}]`).join("")}`,
			item.dataset.text,
			words[ticked(item)],
		]);
		add(button, {
			kind: "table",
			title: whose ? `${name}: ${whose}` : name,
			markdown: "",
			table: { header: [words.f_name, words.f_statement, words.state_of], rows },
			cited: requirements().flatMap(numbersOf),
		});
	}

	function saveChecklist() {
		const notes = (item) =>
			numbersOf(item)
				.map((n) => document.getElementById(`requirements-note-${n}`).querySelector(".said").textContent)
				.join(" ");
		const rows = [
			[words.f_name, words.f_statement, words.state_of, words.sources],
			...requirements().map((item) => [
				item.dataset.name,
				item.dataset.text,
				words[ticked(item)],
				notes(item),
			]),
		];
		const quoted = (cell) => `"${cell.replaceAll('"', '""')}"`;
		const text = rows.map((row) => row.map(quoted).join(",")).join("\r\n");
		const link = document.createElement("a");
		link.href = URL.createObjectURL(new Blob([`\ufeff${text}\r\n`], { type: "text/csv" }));
		link.download = "checklist.csv";
		link.click();
		setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
	}

	function clear() {
		for (const input of checklist().querySelectorAll("input[value=unknown]")) input.checked = true;
		checklist().elements.for.value = "";
		keep();
	}

	// --- Clicks and keys ------------------------------------------------------------------------------
	const doing = {
		add: (button) => add(button, JSON.parse(button.dataset.add)),
		addChecklist,
		saveChecklist,
		clear,
		print: () => window.print(),
		close: (button) => close(button.closest("article")),
	};

	function follow(event, link) {
		// Not a new page in the browser's history for each number, and back leads where one was.
		event.preventDefault();
		cameFrom = link;
		hide();
		if (link.matches("a.marker")) {
			choose(document.getElementById(`region-${link.dataset.region}`), true);
			return;
		}
		const target = document.getElementById(placeOf(link));
		if (!target) return;
		for (const other of document.querySelectorAll(".notes-list .chosen")) other.classList.remove("chosen");
		if (link.matches(".note")) target.classList.add("chosen");
		else if (!target.hasAttribute("tabindex")) target.tabIndex = -1;
		go(target);
	}

	document.addEventListener("click", (event) => {
		if (!box?.isConnected || !(event.target instanceof Element)) return;
		const link = event.target.closest("a.note, a.marker, a.skip-part");
		if (link) {
			follow(event, link);
			return;
		}
		const button = event.target.closest("#explore-view button");
		if (!button) return;
		if (button.matches(".sort")) sort(button);
		for (const [name, act] of Object.entries(doing)) if (name in button.dataset) act(button);
	});
	document.addEventListener("input", (event) => {
		if (event.target.dataset?.find) find(event.target);
		else if (event.target.closest?.("form.checklist")) keep();
	});
	document.addEventListener("submit", (event) => {
		if (event.target.matches("form.checklist")) event.preventDefault();
	});
	document.addEventListener("keydown", (event) => {
		if (event.key !== "Escape" || !box?.isConnected) return;
		const article = event.target.closest?.(".details article");
		if (tipped) hide();
		else if (article) close(article);
		else if (event.target.closest?.(".notes-list") && cameFrom?.isConnected) cameFrom.focus();
	});

	window.addEventListener("explore-drawn", start);
	start();
})();
