// What a visitor collects for a report. It is kept in this browser and nowhere else.
//
//   ambpReport.addToReport(item)  "added", "already" (the same is in it), or "full"
//   ambpReport.items()            the items in their order (a copy)
//   ambpReport.keep(items)        put these in the place of all: true, or false where there is no room
//   ambpReport.clear()            take all out
//
// An item is {kind: "answer"|"row"|"table"|"text", title, markdown, table: {header: [...], rows: [[...]]},
// citations: [{n, source, title, publisher, date, page, page_end, section, url, quote}]}; `table` may
// be missing, `id` and `added` are given here. Each change sends "report-changed" to the window,
// with the number of items in `detail`, also for changes in another tab.
(() => {
	"use strict";
	const KEY = "ambp-report";
	const MOST = 200; // items; the server takes no more either

	const isItem = (item) =>
		["id", "kind", "title", "markdown"].every((name) => typeof item?.[name] === "string");

	function items() {
		try {
			const held = JSON.parse(window.localStorage.getItem(KEY) || "[]");
			return Array.isArray(held) ? held.filter(isItem) : [];
		} catch {
			return []; // storage is switched off, or holds what is not ours
		}
	}

	function tell() {
		const detail = items().length;
		window.dispatchEvent(new CustomEvent("report-changed", { detail }));
	}

	function keep(list) {
		try {
			window.localStorage.setItem(KEY, JSON.stringify(list));
		} catch {
			return false;
		}
		tell();
		return true;
	}

	// Not crypto.randomUUID, which is only there where the page came over https or from localhost.
	const freshId = () =>
		Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) =>
			byte.toString(16).padStart(2, "0"),
		).join("");

	function addToReport(item) {
		const held = items();
		// Texts of the visitor's own begin alike, without a word.
		const same = (other) =>
			item.kind !== "text" &&
			other.kind === item.kind &&
			other.title === item.title &&
			other.added_as === item.markdown;
		if (held.some(same)) return "already";
		if (held.length >= MOST) return "full";
		const added = new Date().toISOString();
		// `added_as`: the text may be edited later, and is still the same thing to add.
		const fresh = { ...item, id: freshId(), added, added_as: item.markdown };
		return keep([...held, fresh]) ? "added" : "full";
	}

	window.addEventListener("storage", (event) => {
		if (event.key === KEY || event.key === null) tell();
	});
	window.ambpReport = { addToReport, items, keep, clear: () => keep([]) };
})();
