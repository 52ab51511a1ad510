// Steps through a run by keyboard. The page is whole without it; this only moves, folds and says
// where one is.
"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const runs = all(".run");
  const where = document.getElementById("where");
  const help = document.getElementById("help");
  let row = null;

  const isFolded = (body) => body.classList.contains("folded");
  const visible = (body) => !isFolded(body) && !body.classList.contains("folder");
  const runOf = (element) => element.closest(".run");
  const chosenRun = () => runs.find((run) => run.classList.contains("chosen")) || runs[0];
  const rowsOf = (run) => all("tbody tr[id]", run);

  // One row of a table takes part in the order of Tab; what else is in it is reached by keys.
  all(".run tbody a").forEach((link) => (link.tabIndex = -1));
  runs.forEach((run) => {
    const first = run.querySelector("tbody tr[id]");
    if (first) first.tabIndex = 0;
  });

  function unfold(body) {
    body.classList.remove("folded");
    body.previousElementSibling.classList.add("open");
  }

  function say(text) {
    where.textContent = text;
  }

  function words(element) {
    return element.innerText.replace(/\s+/g, " ").trim();
  }

  function describe() {
    const events = all(".with-event", runOf(row));
    const index = events.indexOf(row);
    const nth = index < 0 ? "" : ` · event ${index + 1} of ${events.length}`;
    const cells = all("td", row).map(words).filter((text) => text);
    return [row.dataset.actor, ...cells].join(" · ") + nth;
  }

  function originOf(element) {
    const link = element.querySelector("a.key");
    return link && document.getElementById(link.getAttribute("href").slice(1));
  }

  function choose(next, scroll = "nearest") {
    if (!next) return;
    const body = next.closest("tbody");
    if (isFolded(body)) unfold(body);
    show(runOf(next));
    if (row) {
      row.removeAttribute("aria-current");
      all(".origin").forEach((old) => old.classList.remove("origin"));
      all('tr[tabindex="0"]', runOf(row)).forEach((old) => (old.tabIndex = -1));
    }
    all('tr[tabindex="0"]', runOf(next)).forEach((old) => (old.tabIndex = -1));
    row = next;
    row.tabIndex = 0;
    row.setAttribute("aria-current", "step");
    const origin = originOf(row);
    if (origin) origin.classList.add("origin");
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: scroll });
    say(describe());
  }

  function show(run) {
    runs.forEach((each) => {
      each.classList.toggle("chosen", each === run);
    });
    all("[data-run]").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset.run === run.id));
    });
  }

  // The neighbour that can be seen: what is folded is stepped over.
  function step(by) {
    if (!row) return choose(chosenRun().querySelector("tbody tr[id]"));
    const side = by > 0 ? "nextElementSibling" : "previousElementSibling";
    if (row[side]) return choose(row[side]);
    let body = row.closest("tbody")[side];
    while (body && !(body.tagName === "TBODY" && visible(body))) body = body[side];
    if (body) choose(by > 0 ? body.firstElementChild : body.lastElementChild);
  }

  function event(by) {
    const run = row ? runOf(row) : chosenRun();
    const events = all(".with-event", run);
    const order = (other) => row.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING;
    const next = !row
      ? events[by > 0 ? 0 : events.length - 1]
      : by > 0
        ? events.find((other) => other !== row && order(other))
        : events.reverse().find((other) => other !== row && !order(other));
    if (next) choose(next, "center");
    else say(events.length ? "no further event" : "no events in this run");
  }

  function end(last) {
    const rows = rowsOf(row ? runOf(row) : chosenRun());
    choose(rows[last ? rows.length - 1 : 0]);
  }

  function otherRun() {
    if (runs.length < 2) return;
    const from = row ? runOf(row) : chosenRun();
    const to = runs.find((run) => run !== from);
    const rows = rowsOf(to);
    const at = row ? rowsOf(from).indexOf(row) : 0;
    choose(rows[Math.min(at, rows.length - 1)], "center");
  }

  function showAll() {
    all(".folded").forEach(unfold);
    say("all points are shown");
  }

  const keys = {
    j: () => step(1),
    ArrowDown: () => step(1),
    k: () => step(-1),
    ArrowUp: () => step(-1),
    n: () => event(1),
    p: () => event(-1),
    g: () => end(false),
    G: () => end(true),
    o: () => row && choose(originOf(row), "center"),
    t: otherRun,
    a: showAll,
    "?": () => help.showModal(),
  };

  document.addEventListener("keydown", (pressed) => {
    const action = keys[pressed.key];
    const busy = pressed.ctrlKey || pressed.altKey || pressed.metaKey || help.open;
    if (!action || busy) return;
    pressed.preventDefault();
    action();
  });

  document.addEventListener("click", (clicked) => {
    const button = clicked.target.closest("button");
    const link = clicked.target.closest("a[href^='#']");
    const target = link && document.getElementById(link.getAttribute("href").slice(1));
    if (button && button.dataset.key) keys[button.dataset.key]();
    else if (button && button.dataset.run) show(document.getElementById(button.dataset.run));
    else if (button && button.closest(".folder")) {
      const body = button.closest("tbody").nextElementSibling;
      unfold(body);
      choose(body.firstElementChild);
    } else if (target && target.matches(".run tr")) {
      clicked.preventDefault();
      choose(target, "center");
      history.replaceState(null, "", "#" + target.id);
    } else if (clicked.target.closest(".run tbody tr[id]")) {
      choose(clicked.target.closest("tr"));
    }
  });

  const linked = location.hash && document.getElementById(location.hash.slice(1));
  if (linked && linked.matches(".run tr")) choose(linked, "center");
})();
