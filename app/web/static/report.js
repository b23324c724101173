// The page of the report: what report-items.js keeps is put in order, edited, and made into files.
// Every text goes to the page as text; only the preview is HTML, made by this server and shown in a
// tree of its own, where it meets neither the page's styles nor any script.
(() => {
	"use strict";
	const ABOUT = "ambp-report-about";
	const PAUSE = 500; // milliseconds without a change before the preview is made anew
	const EXCERPT = 220; // characters of a text that are on show
	const CITED = ["n", "source", "title", "publisher", "date", "as_of", "page", "page_end", "section", "url", "quote"];

	let root = null; // the page, once Gradio has drawn it
	let list = []; // the items as they are on the page
	let open = new Set(); // ids of the items that are being edited
	let before = null; // the items before the last removal
	let ours = false; // a change that comes from here and is on the page already

	const find = (selector) => root.querySelector(selector);
	const say = (key, fills = {}) =>
		window.ambp.text(`report.${key}`).replace(/\{(\w+)\}/g, (all, name) => fills[name] ?? all);
	const named = (item) => item.title.trim() || say("untitled");

	function make(tag, attributes = {}, ...inside) {
		const element = document.createElement(tag);
		for (const [name, value] of Object.entries(attributes)) {
			if (value === true) element.setAttribute(name, "");
			else if (value !== false && value != null) element.setAttribute(name, value);
		}
		element.append(...inside);
		return element;
	}

	// --- What is kept ----------------------------------------------------------------------------

	function keep() {
		ours = true;
		const kept = window.ambpReport.keep(list);
		ours = false;
		if (!kept) tell(say("no_room"));
		preview();
		return kept;
	}

	function about() {
		try {
			return JSON.parse(window.localStorage.getItem(ABOUT)) || {};
		} catch {
			return {};
		}
	}

	function fillAbout() {
		const kept = about();
		for (const field of root.querySelectorAll("#report-about [name]")) {
			if (!(field.name in kept)) continue;
			if (field.type === "checkbox") field.checked = kept[field.name] === true;
			else field.value = kept[field.name];
		}
	}

	function readAbout() {
		const read = {};
		for (const field of root.querySelectorAll("#report-about [name]")) {
			read[field.name] = field.type === "checkbox" ? field.checked : field.value;
		}
		return read;
	}

	function keepAbout(changed) {
		const kept = about();
		// The language follows the page's until another is chosen here.
		kept[changed.name] = changed.type === "checkbox" ? changed.checked : changed.value;
		try {
			window.localStorage.setItem(ABOUT, JSON.stringify(kept));
		} catch {
			tell(say("no_room"));
		}
		preview();
	}

	function asSent() {
		const items = list.map((item) => ({
			kind: item.kind,
			...(item.language && { language: item.language }),
			title: item.title,
			markdown: item.markdown,
			...(item.table && { table: { header: item.table.header, rows: item.table.rows } }),
			citations: (item.citations || []).map((cited) =>
				Object.fromEntries(CITED.filter((key) => key in cited).map((key) => [key, cited[key]])),
			),
			added: item.added,
		}));
		return JSON.stringify({ ...readAbout(), items });
	}

	// --- The list --------------------------------------------------------------------------------

	function draw() {
		find("#report-list").replaceChildren(...list.map(drawn));
		find("#report-empty").hidden = list.length > 0;
		find('[data-do="clear"]').hidden = !list.length;
		root.classList.toggle("filled", list.length > 0);
		for (const button of root.querySelectorAll("[data-take]")) button.disabled = !list.length;
	}

	function drawn(item, place) {
		const tool = (name, sign, off = false) =>
			make(
				"button",
				{
					type: "button",
					"data-do": name,
					class: `tool ${name}`,
					title: say(name),
					"aria-label": `${say(name)}: ${named(item)}`,
					"aria-disabled": off ? "true" : null,
					"aria-expanded": name === "edit" ? String(open.has(item.id)) : null,
				},
				sign,
			);
		return make(
			"li",
			{ "data-id": item.id, class: open.has(item.id) ? "open" : null },
			make(
				"div",
				{ class: "line" },
				make("span", { class: "handle", draggable: "true", title: say("drag"), "aria-hidden": "true" }),
				make(
					"div",
					{ class: "what" },
					make("h3", {}, named(item)),
					make("p", { class: "kind" }, summary(item)),
				),
				make(
					"div",
					{ class: "tools" },
					tool("up", icon("M12 19V5M5 12l7-7 7 7"), place === 0),
					tool("down", icon("M12 5v14M5 12l7 7 7-7"), place === list.length - 1),
					tool("edit", icon("M4 20h4L19 9l-4-4L4 16v4zM13 7l4 4")),
					tool("remove", icon("M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13")),
				),
			),
			open.has(item.id) ? editor(item) : make("p", { class: "excerpt" }, excerpt(item)),
		);
	}

	function icon(path) {
		const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
		svg.setAttribute("viewBox", "0 0 24 24");
		svg.setAttribute("aria-hidden", "true");
		const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
		line.setAttribute("d", path);
		svg.append(line);
		return svg;
	}

	function summary(item) {
		const parts = [say(`kind_${item.kind}`)];
		if (item.citations?.length) parts.push(say("citations", { n: item.citations.length }));
		if (item.table) parts.push(say("rows", { n: item.table.rows.length }));
		return parts.join(" · ");
	}

	function excerpt(item) {
		const plain = item.markdown
			.replace(/\s*\[\d{1,3}\]/g, "")
			.replace(/\*\*|^#+\s|^[-*]\s/gm, "")
			.replace(/\s+/g, " ")
			.trim();
		return plain.length > EXCERPT ? `${plain.slice(0, EXCERPT).replace(/\s\S*$/, "")} …` : plain;
	}

	function editor(item) {
		const help = `help-${item.id}`;
		const text = make("textarea", { rows: 8, maxlength: 50000, "data-field": "markdown", "aria-describedby": help });
		text.value = item.markdown;
		const title = make("input", { type: "text", maxlength: 300, "data-field": "title", autocomplete: "off" });
		title.value = item.title;
		const numbers = (item.citations || []).map((cited) =>
			make(
				"li",
				{},
				make("span", { class: "number" }, `[${cited.n}]`),
				[cited.title, cited.section].filter(Boolean).join(", "),
			),
		);
		return make(
			"div",
			{ class: "editor" },
			make("label", {}, make("span", {}, say("item_title")), title),
			make("label", {}, make("span", {}, say("item_text")), text),
			make("p", { class: "help", id: help }, say("text_help")),
			...(numbers.length
				? [
						make(
							"details",
							{},
							make("summary", {}, say("numbers")),
							make("ul", { role: "list" }, ...numbers),
						),
					]
				: []),
		);
	}

	function focus(id, what) {
		find(`#report-list > [data-id="${CSS.escape(id)}"] ${what}`)?.focus();
	}

	// --- Changes ---------------------------------------------------------------------------------

	function move(id, to, then) {
		const from = list.findIndex((item) => item.id === id);
		if (from < 0 || to < 0 || to >= list.length || to === from) return;
		const [item] = list.splice(from, 1);
		list.splice(to, 0, item);
		draw();
		keep();
		if (then) focus(id, then);
		tell(say("moved", { title: named(item), n: to + 1, count: list.length }));
	}

	function remove(id) {
		const place = list.findIndex((item) => item.id === id);
		before = [...list];
		const [item] = list.splice(place, 1);
		open.delete(id);
		draw();
		keep();
		tell(say("removed", { title: named(item) }), true);
		const next = list[Math.min(place, list.length - 1)];
		if (next) focus(next.id, ".remove");
		else find('[data-do="own"]').focus();
	}

	function edit(id) {
		if (!open.delete(id)) open.add(id);
		draw();
		focus(id, open.has(id) ? ".editor input" : ".edit");
	}

	const acts = {
		up: (id) => move(id, list.findIndex((item) => item.id === id) - 1, ".up"),
		down: (id) => move(id, list.findIndex((item) => item.id === id) + 1, ".down"),
		edit,
		remove,
		own() {
			const had = new Set(list.map((item) => item.id));
			const item = { kind: "text", title: "", markdown: "", citations: [] };
			if (window.ambpReport.addToReport(item) === "full") tell(say("no_room"));
			list = window.ambpReport.items();
			const added = list.find((each) => !had.has(each.id));
			if (added) edit(added.id);
		},
		clear() {
			before = [...list];
			list = [];
			open.clear();
			draw();
			keep();
			tell(say("emptied"), true);
			find('[data-do="undo"]').focus();
		},
		undo() {
			list = before || list;
			before = null;
			draw();
			keep();
			tell(say("restored"));
			(find("#report-list .edit") || find('[data-do="own"]')).focus();
		},
	};

	function tell(text, canUndo = false) {
		find("#report-said p").textContent = text;
		find('[data-do="undo"]').hidden = !canUndo;
		find("#report-said").classList.toggle("shown", Boolean(text));
		clearTimeout(tell.later);
		// What can be undone stays until something else is said.
		if (text && !canUndo) tell.later = setTimeout(() => tell(""), 8000);
	}

	// --- Files -----------------------------------------------------------------------------------

	async function fetched(name) {
		let reply;
		try {
			reply = await fetch(`report/files/${name}`, {
				method: "POST",
				headers: { "Content-Type": "application/json" },
				body: asSent(),
			});
		} catch {
			throw new Error(say("unreachable"));
		}
		if (reply.ok) return reply;
		const refusal = await reply.json().catch(() => ({}));
		throw new Error(refusal.error || say("unreachable"));
	}

	async function take(name) {
		const tab = name === "print" ? window.open("", "_blank") : null;
		if (name === "print" && !tab) {
			tell(say("no_tab"));
			return;
		}
		tell(say("making"));
		try {
			const reply = await fetched(name === "print" ? "html" : name);
			const file = /filename="([^"]+)"/.exec(reply.headers.get("Content-Disposition"))[1];
			const address = URL.createObjectURL(await reply.blob());
			if (tab) {
				print(tab, address);
				tell("");
			} else {
				make("a", { href: address, download: file }).click();
				tell(say("made", { file }));
			}
			setTimeout(() => URL.revokeObjectURL(address), 60000);
		} catch (error) {
			tab?.close();
			tell(say("failed", { reason: error.message }));
		}
	}

	function print(tab, address) {
		tab.location = address;
		const ready = setInterval(() => {
			if (tab.closed) clearInterval(ready);
			else if (tab.location.href === address && tab.document.readyState === "complete") {
				clearInterval(ready);
				tab.print();
			}
		}, 100);
	}

	// --- Preview ---------------------------------------------------------------------------------

	function preview() {
		clearTimeout(preview.later);
		preview.later = setTimeout(show, preview.shown ? PAUSE : 0);
	}

	async function show() {
		const paper = find("#report-paper");
		const tree = paper.shadowRoot || paper.attachShadow({ mode: "open" });
		if (!list.length) {
			tree.replaceChildren();
			preview.shown = false;
			return;
		}
		const sent = asSent();
		try {
			const made = new DOMParser().parseFromString(
				await (await fetched("html")).text(),
				"text/html",
			);
			if (sent !== asSent()) return; // changed meanwhile: the next one is on its way
			const style = made.querySelector("style");
			// In this tree the paper stands where on its own the whole page does.
			style.textContent = style.textContent.replaceAll(":root", ":host").replace("\nbody {", "\nmain {");
			const main = made.querySelector("main");
			main.className = "preview";
			main.lang = made.documentElement.lang;
			for (const link of main.querySelectorAll('a:not([href^="#"])')) {
				link.target = "_blank";
				link.rel = "noopener noreferrer";
			}
			tree.replaceChildren(style, main);
			preview.shown = true;
			showEdited();
		} catch (error) {
			tell(say("failed", { reason: error.message }));
		}
	}

	// Brings what is being edited into sight on the paper.
	function showEdited() {
		const card = document.activeElement?.closest("#report-list > li");
		const place = list.findIndex((item) => item.id === card?.dataset.id);
		if (place < 0 || !open.has(card.dataset.id)) return;
		const titled = list.slice(0, place + 1).filter((item) => item.title.trim()).length;
		const paper = find("#report-paper");
		const heading = paper.shadowRoot?.querySelectorAll("h2")[Math.max(0, titled - 1)];
		if (!heading) return;
		paper.scrollTop += heading.getBoundingClientRect().top - paper.getBoundingClientRect().top - 16;
	}

	function follow(event) {
		const link = event.composedPath().find((each) => each.matches?.('a[href^="#"]'));
		if (!link) return;
		event.preventDefault();
		const place = find("#report-paper").shadowRoot.getElementById(link.hash.slice(1));
		place.tabIndex = place.matches("a") ? 0 : -1;
		place.focus({ preventScroll: true });
		place.scrollIntoView({ block: "center" });
	}

	// --- Dragging (the arrows do the same) ---------------------------------------------------------

	let dragged = null;

	function dragging(event) {
		const over = event.target.closest?.("#report-list > li");
		if (event.type === "dragstart" && event.target.closest?.(".handle")) {
			dragged = over.dataset.id;
			event.dataTransfer.effectAllowed = "move";
			event.dataTransfer.setData("text/plain", dragged);
			event.dataTransfer.setDragImage(over, 20, 20);
			over.classList.add("dragged");
		} else if (event.type === "dragover" && dragged) {
			event.preventDefault();
			mark(over);
		} else if (event.type === "drop" && dragged) {
			event.preventDefault();
			if (over) move(dragged, list.findIndex((item) => item.id === over.dataset.id), null);
		} else if (event.type === "dragend") {
			dragged = null;
			mark(null);
			find("#report-list > .dragged")?.classList.remove("dragged");
		}
	}

	function mark(over) {
		for (const item of root.querySelectorAll("#report-list > li")) {
			item.classList.toggle("over", item === over && item.dataset.id !== dragged);
		}
	}

	// --- Start -----------------------------------------------------------------------------------

	function start() {
		const drawnNow = document.querySelector(".report-page");
		if (!drawnNow || drawnNow === root) return;
		root = drawnNow;
		list = window.ambpReport.items();
		fillAbout();
		draw();
		preview();
		root.addEventListener("click", (event) => {
			const button = event.target.closest("[data-do], [data-take]");
			if (!button || button.getAttribute("aria-disabled") === "true") return;
			if (button.dataset.take) take(button.dataset.take);
			else acts[button.dataset.do](button.closest("[data-id]")?.dataset.id);
		});
		root.addEventListener("input", (event) => {
			if (event.target.closest("#report-about")) keepAbout(event.target);
			const { field } = event.target.dataset;
			if (!field) return;
			const card = event.target.closest("[data-id]");
			const item = list.find((each) => each.id === card.dataset.id);
			item[field] = event.target.value;
			if (field === "title") card.querySelector("h3").textContent = named(item);
			keep();
		});
		root.addEventListener("focusin", showEdited);
		for (const kind of ["dragstart", "dragover", "drop", "dragend"]) {
			find("#report-list").addEventListener(kind, dragging);
		}
		find("#report-paper").addEventListener("click", follow);
	}

	window.addEventListener("report-drawn", start);
	window.addEventListener("report-changed", () => {
		if (!root || ours) return;
		list = window.ambpReport.items();
		draw();
		preview();
	});
	start();
})();
