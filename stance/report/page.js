"use strict";
// Text of the data reaches the page as text nodes only: there is no innerHTML here.
(async () => {
  const STANCES = ["accusatory", "conciliatory", "neutral", "open"];
  const STEP = 60, PRINTED = 500, FOLDED = 900, SHOWN = 700;
  const find = (id) => document.getElementById(id);
  const form = find("filters"), body = find("rows").tBodies[0], more = find("more");

  const packed = Uint8Array.from(atob(find("data").textContent), (c) => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const data = JSON.parse(await new Response(stream).text());
  const n = data.text.length;
  const value = (name, i) => data[name].values[data[name].of[i]];

  let searched = null; // Made at the first search.
  let found = [], shown = 0;

  const make = (tag, className, text) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  };

  function fill(quote, i, limit) {
    const text = data.text[i], marks = data.marks[i];
    const end = limit === undefined ? text.length : limit;
    let at = 0;
    for (let k = 0; k < marks.length; k += 3) {
      const start = at + marks[k], stop = start + marks[k + 1];
      if (start >= end) break;
      const mark = make("mark", STANCES[marks[k + 2]], text.slice(start, Math.min(stop, end)));
      mark.title = "speaks for " + STANCES[marks[k + 2]];
      quote.append(text.slice(at, start), mark);
      at = stop;
    }
    if (at < end) quote.append(text.slice(at, end));
  }

  function row(i) {
    const line = make("tr"), stance = STANCES[data.stance[i]];
    const first = make("td"), second = make("td", "n"), third = make("td");
    const label = make("span", "stance " + stance);
    label.append(make("i", stance), stance === "open" ? "left open" : stance);
    first.append(label);
    if (data.review[i]) first.append(make("span", "review", "to review"));
    if (data.probability[i] >= 0) {
      const p = data.probability[i] / 10000;
      const meter = make("span", "meter"), filled = make("span");
      filled.style.width = 100 * p + "%";
      meter.append(filled);
      second.append(p.toFixed(2), meter);
    }
    const quote = make("p", "quote"), long = data.text[i].length > FOLDED;
    quote.dir = "auto";
    fill(quote, i, long ? SHOWN : undefined);
    third.append(quote);
    if (long) {
      quote.append("…");
      const all = data.text[i].length.toLocaleString("en");
      const button = make("button", "unfold", "Show all " + all + " characters");
      button.type = "button";
      button.addEventListener("click", () => {
        quote.replaceChildren();
        fill(quote, i);
        button.remove();
      });
      third.append(button);
    }
    const said = make("p", "said");
    for (const name of ["speaker", "date", "topic", "source"]) {
      if (value(name, i)) said.append(make(name === "date" ? "time" : "bdi", name, value(name, i)));
    }
    if (said.hasChildNodes()) third.append(said);
    line.append(first, second, third);
    return line;
  }

  function show(upTo) {
    const lines = document.createDocumentFragment();
    for (; shown < Math.min(upTo, found.length); shown++) lines.append(row(found[shown]));
    body.append(lines);
    more.hidden = shown >= found.length;
    more.textContent = "Show more (" + (found.length - shown).toLocaleString("en") + " left)";
  }

  // A name of the list means itself; anything else, whatever contains it.
  function matching(name, wanted) {
    const { values, of } = data[name];
    if (values.includes(wanted)) {
      const exact = values.indexOf(wanted);
      return (i) => of[i] === exact;
    }
    const part = wanted.toLowerCase();
    const good = values.map((entry) => entry.toLowerCase().includes(part));
    return (i) => good[of[i]];
  }

  const SORTS = {
    "": (a, b) => data.probability[b] - data.probability[a] || a - b,
    unsure: (a, b) => data.probability[a] - data.probability[b] || a - b,
    // Quotes without a date come last either way.
    newest: (a, b) => compare(value("date", b), value("date", a)) || a - b,
    oldest: (a, b) => compare(value("date", a) || "~", value("date", b) || "~") || a - b,
    speaker: (a, b) => compare(value("speaker", a) || "\uffff", value("speaker", b) || "\uffff") || a - b,
    file: (a, b) => a - b,
  };
  const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

  function state() {
    const wanted = new URLSearchParams();
    const stances = [...form.querySelectorAll("[name=stance]:checked")].map((box) => box.value);
    if (stances.length) wanted.set("stance", stances.join(","));
    for (const field of form.elements) {
      if (field.name && field.name !== "stance" && field.value.trim()) wanted.set(field.name, field.value.trim());
    }
    return wanted;
  }

  function update() {
    const wanted = state(), tests = [];
    const stances = (wanted.get("stance") || "").split(",").map((name) => STANCES.indexOf(name));
    if (wanted.has("stance")) tests.push((i) => stances.includes(data.stance[i]));
    if (wanted.has("review")) {
      const look = wanted.get("review") === "yes" ? 1 : 0;
      tests.push((i) => data.review[i] === look);
    }
    for (const name of ["speaker", "topic", "source"]) {
      if (wanted.has(name)) tests.push(matching(name, wanted.get(name)));
    }
    if (wanted.has("from")) tests.push((i) => value("date", i) >= wanted.get("from"));
    if (wanted.has("to")) tests.push((i) => value("date", i) && value("date", i) <= wanted.get("to"));
    if (wanted.has("q")) {
      searched = searched || data.text.map((text, i) => (text + "\n" + value("speaker", i)).toLowerCase());
      const words = wanted.get("q").toLowerCase().split(/\s+/);
      tests.push((i) => words.every((word) => searched[i].includes(word)));
    }
    found = [];
    for (let i = 0; i < n; i++) if (tests.every((test) => test(i))) found.push(i);
    const sort = wanted.get("sort") || "";
    found.sort(SORTS[sort]);
    body.replaceChildren();
    shown = 0;
    show(STEP);
    const all = n.toLocaleString("en") + (n === 1 ? " quote" : " quotes");
    find("count").textContent = tests.length ? found.length.toLocaleString("en") + " of " + all : all;
    const head = find("by-probability").parentElement;
    head.ariaSort = sort === "" ? "descending" : sort === "unsure" ? "ascending" : "none";
    find("by-probability").textContent =
      "probability" + (sort === "" ? " \u2193" : sort === "unsure" ? " \u2191" : "");
  }

  function changed() {
    update();
    const kept = state().toString();
    if (location.hash.slice(1) !== kept) {
      history.replaceState(null, "", kept ? "#" + kept : location.href.split("#")[0]);
    }
  }

  function restore() {
    const wanted = new URLSearchParams(location.hash.slice(1));
    const stances = (wanted.get("stance") || "").split(",");
    for (const field of form.elements) {
      if (field.name === "stance") field.checked = stances.includes(field.value);
      else if (field.name) {
        field.value = wanted.get(field.name) || "";
        if (field.tagName === "SELECT" && field.selectedIndex < 0) field.value = "";
      }
    }
    update();
  }

  let waiting = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(changed, 80);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(changed, 0));
  find("by-probability").addEventListener("click", () => {
    form.elements.sort.value = form.elements.sort.value === "" ? "unsure" : "";
    changed();
  });
  addEventListener("hashchange", () => {
    // A link within the page, such as #quotes, is no filter.
    if (location.hash && !location.hash.includes("=")) return;
    restore();
    if (location.hash) find("quotes").scrollIntoView();
  });
  more.addEventListener("click", () => show(shown + STEP));
  new IntersectionObserver(
    (entries) => entries.some((entry) => entry.isIntersecting) && show(shown + STEP),
    { rootMargin: "600px" },
  ).observe(more);
  addEventListener("beforeprint", () => {
    show(PRINTED);
    const left = found.length - shown;
    find("printed").hidden = left <= 0;
    find("printed").textContent = "and " + left.toLocaleString("en") + " more quotes, which are not printed.";
  });
  addEventListener("afterprint", () => (find("printed").hidden = true));
  // Vega names each bar for screen readers; others see the name when they point at it.
  for (const bar of document.querySelectorAll(".chart path[aria-label]")) {
    const title = document.createElementNS("http://www.w3.org/2000/svg", "title");
    title.textContent = bar.getAttribute("aria-label");
    bar.append(title);
  }
  restore();
  document.documentElement.dataset.ready = "yes";
})();
