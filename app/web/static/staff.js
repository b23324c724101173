// The library page: signing in, sending files, and what is behind the sign-in. Everything that it
// shows comes from the server, which checks each request; this only asks for it.
(() => {
	"use strict";
	const POLL = 400; // milliseconds between two looks at changes that are under way
	const IDLE = 4000; // the same when none are: others may have begun one
	const base = `${window.location.pathname.replace(/\/+$/, "")}/`;
	let root, words, status; // the place to fill, its texts, the line that is read out
	let wake = () => {}; // ends the wait for the next look
	let version = ""; // of what the library holds
	let token = ""; // of this session's forms
	let limits = { megabytes: 0, files: 0 };
	let target = {}; // what the next chosen file replaces
	let polling = false;
	let looked = false; // at the changes, since the page was drawn
	const line = []; // files that wait to be sent
	const drawn = new Map(); // what is shown of each change

	const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
	const say = (text) => (status.textContent = text);
	const one = (selector, inside = root) => inside.querySelector(selector);

	function make(tag, properties = {}, ...children) {
		const element = Object.assign(document.createElement(tag), properties);
		element.append(...children);
		return element;
	}

	function addressOf(path, query = {}) {
		const asked = new URLSearchParams({ ...query, language: document.documentElement.lang });
		return `${base}${path}?${asked}`;
	}

	// --- Asking the server --------------------------------------------------------------------------

	async function ask(path, body, query) {
		const given = { headers: { "X-Form-Token": token } };
		if (body !== undefined) Object.assign(given, { method: "POST", body: JSON.stringify(body) });
		const answer = await fetch(addressOf(path, query), given);
		if (answer.status === 401 && token) await begin(words.ended);
		return answer;
	}

	async function change(path, body = {}) {
		const answer = await ask(path, body).catch(() => null);
		if (answer?.status === 401) return null;
		if (!answer?.ok) await tell(await problemOf(answer));
		return answer?.ok ? answer : null;
	}

	// What the server says went wrong; of an answer that says nothing, that it did not work.
	async function problemOf(answer) {
		const told = await answer?.json().catch(() => null);
		if (!told?.problem) return `${words.failed_title}. ${words.failed}`;
		return `${told.problem.replace(/\.$/, "")}. ${told.remedy ?? ""}`.trim();
	}

	// --- In and out ---------------------------------------------------------------------------------

	// The page of somebody who is signed in.
	async function enter(focus = false) {
		const answer = await fetch(addressOf("view")).catch(() => null);
		if (!answer?.ok) {
			root.replaceChildren(make("p", { className: "problem" }, await problemOf(answer)));
			return;
		}
		root.innerHTML = await answer.text();
		const desk = one(".desk");
		token = desk.dataset.formToken;
		limits = { megabytes: Number(desk.dataset.mostMegabytes), files: Number(desk.dataset.mostFiles) };
		drawn.clear();
		looked = false;
		version = "";
		if (focus) title();
		poll();
	}

	// The form to sign in, which says why it is there; the page, where one is signed in.
	async function begin(why = "") {
		const asked = Boolean(token);
		token = "";
		line.length = 0;
		const answer = await fetch(addressOf("sign-in")).catch(() => null);
		if (answer?.status === 204) return enter();
		if (!answer?.ok) {
			root.replaceChildren(make("p", { className: "problem" }, await problemOf(answer)));
			return;
		}
		root.innerHTML = await answer.text();
		if (why) one(".sign-in .problem")?.append(why);
		if (asked) one("[type=password]")?.focus();
	}

	async function signIn(form) {
		const button = one("[type=submit]", form);
		const [problem, field] = [one(".problem", form), one("[type=password]", form)];
		if (button.disabled) return;
		button.disabled = true;
		problem.textContent = "";
		say(words.checking);
		const body = JSON.stringify({ password: field.value });
		const answer = await fetch(addressOf("sign-in"), { method: "POST", body }).catch(() => null);
		button.disabled = false;
		say("");
		if (answer?.ok) {
			await enter(true);
			return;
		}
		problem.textContent = await problemOf(answer);
		field.value = "";
		field.focus();
	}

	function title() {
		const heading = document.querySelector("#library h1");
		heading.tabIndex = -1;
		heading.focus();
	}

	// --- Asking the person --------------------------------------------------------------------------

	// The value of the button that was pressed; "" where the question was put away.
	function choose(heading, text, buttons) {
		return new Promise((resolve) => {
			const dialog = make("dialog", { className: "ask" });
			dialog.setAttribute("aria-labelledby", "ask-title");
			dialog.setAttribute("aria-describedby", "ask-text");
			const row = make("div", { className: "buttons" });
			for (const { label, value, kind } of buttons) {
				const button = make("button", { type: "button", className: kind ?? "" }, label);
				button.autofocus = !value;
				button.addEventListener("click", () => dialog.close(value));
				row.append(button);
			}
			dialog.append(
				make("h2", { id: "ask-title" }, heading),
				make("p", { id: "ask-text" }, text),
				row,
			);
			dialog.addEventListener("close", () => {
				dialog.remove();
				resolve(dialog.returnValue);
			});
			root.append(dialog);
			dialog.showModal();
		});
	}

	const tell = (text) => choose(words.failed_title, text, [{ label: words.close, value: "" }]);

	// --- Sending files ------------------------------------------------------------------------------

	function take(files, replaced = {}) {
		const problem = one(".adding .problem");
		problem.textContent = "";
		if (!files.length) return;
		if (files.length > limits.files) {
			problem.textContent = fill(words.too_many, { count: files.length, most: limits.files });
			return;
		}
		for (const file of files) {
			const entry = { file, query: { name: file.name, ...replaced }, item: fresh(file.name) };
			if (!file.size) stop(entry, words.empty_file);
			else if (file.size > limits.megabytes * 1024 * 1024)
				stop(entry, fill(words.too_large, { size: limits.megabytes }));
			else line.push(entry);
		}
		one(".changes").scrollIntoView({ block: "nearest" });
		if (line.length && !line.busy) sendAll();
	}

	async function sendAll() {
		line.busy = true;
		try {
			while (line.length) await send(line.shift());
		} finally {
			line.busy = false;
		}
	}

	async function send(entry) {
		if (!entry.item.isConnected) return; // the session has ended meanwhile
		const answer = await transfer(entry);
		if (answer.status === 202) {
			const { job } = JSON.parse(answer.text);
			entry.item.dataset.job = job;
			poll();
		} else if (answer.status === 409) await clash(entry, JSON.parse(answer.text));
		else if (answer.status === 401) await begin(words.ended);
		else if (answer.status === 413) stop(entry, fill(words.too_large, { size: limits.megabytes }));
		else if (answer.status === 422) stop(entry, words.empty_file);
		else if (answer.status === 0) stop(entry, entry.stopped ? words.left_out : words.not_sent);
		else stop(entry, await problemOf(new Response(answer.text)));
	}

	// A file of that name was added before: what is this one?
	async function clash(entry, there) {
		const wanted = await choose(
			fill(words.exists_title, there),
			fill(words.exists, { source: there.title }),
			[
				{ label: words.exists_replace, value: "replace", kind: "main" },
				{ label: words.exists_both, value: "both" },
				{ label: words.exists_skip, value: "" },
			],
		);
		if (!wanted) {
			stop(entry, words.left_out);
			return;
		}
		const { source, document: held } = there;
		Object.assign(entry.query, wanted === "both" ? { both: "yes" } : { source, document: held });
		await send(entry);
	}

	// Not fetch, which does not tell how much has been sent.
	function transfer(entry) {
		return new Promise((resolve) => {
			const request = new XMLHttpRequest();
			const [state, bar] = [make("p", { className: "state" }), make("progress", { max: 100, value: 0 })];
			const cancel = make("button", { type: "button", className: "cancel" }, words.cancel);
			bar.setAttribute("aria-label", entry.file.name);
			cancel.setAttribute("aria-label", `${words.cancel}: ${entry.file.name}`);
			state.textContent = fill(words.sending, { percent: 0 });
			cancel.addEventListener("click", () => {
				entry.stopped = true;
				request.abort();
			});
			entry.item.replaceChildren(one(".name", entry.item), state, bar, cancel);
			request.upload.addEventListener("progress", ({ loaded, total }) => {
				bar.value = total ? Math.floor((100 * loaded) / total) : 0;
				state.textContent = fill(words.sending, { percent: bar.value });
			});
			request.addEventListener("loadend", () => {
				const { status: code, responseText: text } = request;
				resolve({ status: code, text });
			});
			request.open("POST", addressOf("files", entry.query));
			request.setRequestHeader("X-Form-Token", token);
			request.setRequestHeader("Content-Type", "application/octet-stream");
			request.send(entry.file);
		});
	}

	function fresh(name) {
		const item = make(
			"li",
			{},
			make("p", { className: "name" }, name),
			make("p", { className: "state" }, words.to_send),
		);
		one(".changes ol").prepend(item);
		one(".changes").hidden = false;
		return item;
	}

	function stop(entry, why) {
		entry.item.dataset.over = "";
		entry.item.replaceChildren(
			one(".name", entry.item),
			make("p", { className: "outcome bad" }, why),
		);
		say(`${entry.file.name}: ${why}`);
	}

	// --- Changes ------------------------------------------------------------------------------------

	async function poll() {
		wake(); // to look at once what came of a step
		if (polling) return;
		polling = true;
		let busy = true;
		try {
			while (token) {
				if (busy || !document.hidden) busy = await look(busy);
				await new Promise((resolve) => {
					wake = () => {
						busy = true;
						resolve();
					};
					setTimeout(resolve, busy ? POLL : IDLE);
				});
			}
		} finally {
			wake = () => {};
			polling = false;
		}
	}

	// Shows how far the changes are; true while there are some to wait for.
	async function look(busy) {
		const answer = await ask("changes", undefined, busy ? {} : { idle: "" }).catch(() => null);
		if (!answer?.ok) return Boolean(token); // the server is away for a moment
		const { jobs, version: now } = await answer.json();
		const changed = Boolean(version) && version !== now; // by whomever
		version = now;
		const first = !looked;
		let finished = false;
		looked = true;
		for (const job of jobs) {
			const before = drawn.get(job.id);
			if (before?.html === job.html) continue;
			const item = one(`.changes [data-job="${job.id}"]`) ?? fresh("");
			item.dataset.job = job.id;
			item.innerHTML = job.html;
			if (job.over) item.dataset.over = "";
			drawn.set(job.id, job);
			if (!job.over || first) continue; // what was over when the page was opened is no news
			finished = true;
			say(job.line);
		}
		if (finished || changed) await refresh("sources");
		if (finished) await refresh("model");
		return jobs.some((job) => !job.over);
	}

	// What was typed into a proposal's fields and not sent, as long as the proposal is the same one.
	function unsent(place) {
		const held = [];
		for (const area of place.querySelectorAll("form[data-proposal] textarea")) {
			if (area.value !== area.defaultValue) {
				held.push([area.id, area.form.dataset.version, area.value, area.selectionStart]);
			}
		}
		return held;
	}

	function putBack(held) {
		for (const [id, version, value, caret] of held) {
			const area = document.getElementById(id);
			if (area?.form.dataset.version !== version) continue;
			area.value = value;
			area.setSelectionRange(caret, caret);
		}
	}

	// Draws a part of the page anew; what was open stays open, what was typed stays typed, and focus
	// stays where it was.
	async function refresh(part) {
		const place = one(`section.${part}`);
		const answer = place && (await ask(part).catch(() => null));
		if (!answer?.ok) return;
		const html = await answer.text(); // the last wait: what is typed until now is kept
		const key = (each) =>
			[each.closest("[data-source]")?.dataset.source, each.dataset.do, each.dataset.document, each.id, each.className]
				.join("\n");
		const focused = place.contains(document.activeElement) ? key(document.activeElement) : null;
		const open = new Set([...place.querySelectorAll("details[open]")].map(key));
		const typed = one("#filter-sources")?.value;
		const edited = unsent(place);
		place.innerHTML = html;
		putBack(edited);
		for (const each of place.querySelectorAll("details")) each.open = open.has(key(each));
		if (typed) {
			one("#filter-sources").value = typed;
			filter(typed);
		}
		if (focused === null) return;
		const again = [...place.querySelectorAll("button, summary, input, textarea, a")].find((each) => key(each) === focused);
		const heading = one("h2", place);
		heading.tabIndex = -1;
		(again ?? heading).focus({ preventScroll: Boolean(again) });
	}

	function filter(typed) {
		const wanted = typed.toLocaleLowerCase().split(/\s+/).filter(Boolean);
		let count = 0;
		for (const item of root.querySelectorAll(".sources .source")) {
			const heads = item.querySelectorAll("h3, .about, th");
			const text = [...heads].map((each) => each.textContent).join(" ").toLocaleLowerCase();
			item.hidden = !wanted.every((word) => text.includes(word));
			count += !item.hidden;
		}
		say(fill(words.shown, { count }));
	}

	// --- What can be pressed ------------------------------------------------------------------------

	const actions = {
		reload: () => begin(),
		choose: () => pick({}, true),
		replace: (button) => pick({ source: sourceOf(button), document: button.dataset.document }, false),
		"add-original": (button) => pick({ source: sourceOf(button) }, false),
		async remove(button) {
			const source = sourceOf(button);
			const sure = await choose(button.dataset.title, button.dataset.question, [
				{ label: words.remove, value: "yes", kind: "danger" },
				{ label: words.cancel, value: "" },
			]);
			if (sure && (await change("remove", { source }))) poll();
		},
		async restore(button) {
			if (await change("restore", { source: sourceOf(button) })) poll();
		},
		async read(button) {
			if (await change("read", { source: sourceOf(button) })) poll();
		},
		accept: (button) => decide(button, "accept"),
		reject: (button) => decide(button, "reject"),
		async reindex() {
			if (await change("reindex")) poll();
		},
		async clear() {
			if (!(await change("clear"))) return;
			for (const item of root.querySelectorAll(".changes [data-over]")) item.remove();
			one(".changes").hidden = !one(".changes li");
			title();
		},
		async empty() {
			const sure = await choose(words.confirm_empty_title, words.confirm_empty, [
				{ label: words.empty, value: "yes", kind: "danger" },
				{ label: words.cancel, value: "" },
			]);
			const answer = sure && (await change("empty"));
			if (!answer) return;
			say((await answer.json()).line);
			await refresh("questions");
		},
		async "sign-out"() {
			if (await change("sign-out")) await begin();
		},
	};

	// With the values as they stand in the form, one a line.
	async function decide(button, decision) {
		const form = button.closest("form");
		const values = {};
		for (const area of form.querySelectorAll("[data-field]")) {
			values[area.dataset.field] = area.value.split("\n").map((each) => each.trim()).filter(Boolean);
		}
		const { proposal, version } = form.dataset;
		const answer = await change("decide", { id: Number(proposal), version, decision, values });
		if (!answer) return;
		say((await answer.json()).line);
		form.closest("li").remove();
		await refresh("model");
		const heading = one("#model-title");
		heading.tabIndex = -1;
		heading.focus();
	}

	const sourceOf = (element) => element.closest("[data-source]").dataset.source;

	function pick(replaced, several) {
		const input = one("#choose-files");
		target = replaced;
		input.multiple = several;
		input.value = "";
		input.click();
	}

	function listen() {
		root.addEventListener("click", (event) => {
			const button = event.target.closest("[data-do]");
			if (button) actions[button.dataset.do](button);
		});
		root.addEventListener("submit", (event) => {
			event.preventDefault();
			if (event.target.matches(".sign-in")) signIn(event.target);
		});
		root.addEventListener("input", (event) => {
			if (event.target.id === "filter-sources") filter(event.target.value);
		});
		root.addEventListener("change", (event) => {
			if (event.target.id === "choose-files") take([...event.target.files], target);
		});
		// A file that is dropped beside the place for it would else be opened in place of the page.
		for (const kind of ["dragover", "drop"]) {
			window.addEventListener(kind, (event) => {
				const place = one(".drop");
				if (!place || !event.dataTransfer?.types.includes("Files")) return;
				event.preventDefault();
				const over = place.contains(event.target);
				event.dataTransfer.dropEffect = over ? "copy" : "none";
				place.classList.toggle("over", over && kind === "dragover");
				if (over && kind === "drop") take([...event.dataTransfer.files]);
			});
		}
		root.addEventListener("dragleave", () => one(".drop")?.classList.remove("over"));
		window.addEventListener("beforeunload", (event) => {
			if (line.busy) event.preventDefault(); // what is being sent would be lost
		});
	}

	function start() {
		const place = document.querySelector("#library .staff");
		if (!place || place === root) return;
		root = place;
		words = JSON.parse(root.dataset.texts);
		status = document.querySelector("#library [role=status]");
		listen();
		begin();
	}

	window.addEventListener("library-drawn", start);
	start();
})();
