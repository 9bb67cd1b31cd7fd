// Makes the page of the HTML report one to work with: filters, sorting, pages. Without it the page shows its first
// findings as they stand. All that comes from a repository is set as text, never as markup.
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const text = (index) => (index < 0 ? "" : data.texts[index]);
  // Columns of a row, see html_data.cpp.
  const TOKEN = 0, PLACE = 1, LINE = 2, COMMIT = 3, DATE = 4, AUTHOR = 5, SUBJECT = 6, REMOVED = 7, STATE = 8,
        CONFIDENCE = 9, LINK = 10, FOLDER = 11, DETAIL = 12;
  const page_size = 50, places_shown = 10, bars_shown = 12;
  const wanted = {text: "", state: "", folder: null, author: null};
  const order = {key: "given", down: false};
  const open = new Map();
  let groups = [], shown = page_size;

  const make = (name, attributes = {}, ...children) => {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key === "on") node.addEventListener("click", value);
      else node.setAttribute(key, value);
    }
    node.append(...children);
    return node;
  };
  const rect = (kind, x, width) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    for (const [key, value] of Object.entries({class: kind, x, y: 0, width, height: 10})) node.setAttribute(key, value);
    return node;
  };
  const drawing = (kind, ...parts) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    for (const [key, value] of Object.entries({class: kind, viewBox: "0 0 1000 10", preserveAspectRatio: "none", "aria-hidden": "true"})) svg.setAttribute(key, value);
    svg.append(...parts);
    return svg;
  };
  const timeline = (token) => {
    if (token.introduced === null) return drawing("line", rect("base", 0, 1000));
    const span = Math.max(1, data.until - data.since);
    const at = (moment) => Math.max(0, Math.min(1000, Math.round((moment - data.since) / span * 1000)));
    const end = token.ended === null ? data.until : token.ended;
    const gone = token.removed === null ? end : Math.min(token.removed, end);
    const parts = [rect("base", 0, 1000), rect("live", at(token.introduced), Math.max(4, at(gone) - at(token.introduced)))];
    if (gone < end) parts.push(rect("kept", at(gone), Math.max(4, at(end) - at(gone))));
    return drawing("line", ...parts);
  };

  // What is searched, in lower case, made once it is asked for.
  const haystacks = [];
  const haystack = (number) => haystacks[number] ??= [PLACE, COMMIT, AUTHOR, SUBJECT, REMOVED, DETAIL]
    .map((column) => text(data.rows[number][column])).concat(data.tokens[data.rows[number][TOKEN]].name, data.tokens[data.rows[number][TOKEN]].sha).join("\n").toLowerCase();
  const fits = (number, but) => {
    const row = data.rows[number];
    return (wanted.state === "" || text(row[STATE]) === wanted.state)
      && (but === "folder" || wanted.folder === null || row[FOLDER] === wanted.folder)
      && (but === "author" || wanted.author === null || row[AUTHOR] === wanted.author)
      && (wanted.text === "" || haystack(number).includes(wanted.text));
  };

  const regroup = () => {
    const places = new Map();
    for (let number = 0; number < data.rows.length; ++number) {
      if (!fits(number)) continue;
      const token = data.rows[number][TOKEN];
      if (places.has(token)) places.get(token).push(number);
      else places.set(token, [number]);
    }
    groups = [...places].map(([token, rows]) => ({token: data.tokens[token], number: token, rows}));
    const value = {
      given: (group) => group.number, token: (group) => group.token.name, places: (group) => group.rows.length,
      introduced: (group) => group.token.introduced ?? Infinity, exposed: (group) => group.token.days ?? -1,
      state: (group) => group.token.state,
    }[order.key];
    const keyed = groups.map((group) => [value(group), group]);
    keyed.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0) * (order.down ? -1 : 1));
    groups = keyed.map(([, group]) => group);
    shown = page_size;
  };

  const state_kind = (state) => state === "still at HEAD" || state === "found" ? "state live" : state === "revoked" || state === "inactive" ? "state over" : "state";
  const place_row = (number) => {
    const row = data.rows[number];
    const label = text(row[PLACE]) + (row[LINE] > 0 ? ":" + row[LINE] : "");
    const name = make("code", {}, label);
    const place = row[LINK] < 0 ? name : make("a", {href: text(row[LINK]), rel: "noreferrer noopener"}, name);
    const cell = make("td", {}, place);
    if (row[DETAIL] >= 0) cell.append(make("div", {class: "faint"}, text(row[DETAIL])));
    const origin = make("td", {});
    if (row[COMMIT] >= 0) origin.append(make("code", {}, text(row[COMMIT]).slice(0, 10)), " ", make("span", {class: "day"}, text(row[DATE]).slice(0, 10)));
    const who = make("td", {}, text(row[AUTHOR]));
    if (row[SUBJECT] >= 0) who.append(make("div", {class: "faint"}, text(row[SUBJECT])));
    const state = make("td", {}, make("span", {class: state_kind(text(row[STATE]))}, text(row[STATE])));
    if (row[REMOVED] >= 0) {
      const [id, day = ""] = text(row[REMOVED]).split(" ");
      state.append(make("div", {class: "faint"}, "in ", make("code", {}, id.slice(0, 10)), " ", make("span", {class: "day"}, day)));
    }
    return make("tr", {class: "place"}, cell, make("td", {}, text(row[CONFIDENCE])), origin, who, state);
  };
  const body_of = (group) => {
    const {token, rows} = group;
    const count = Math.min(rows.length, open.get(group.number) ?? places_shown);
    const fold = make("button", {class: "fold", type: "button", "aria-expanded": String(count > 0), "aria-label": (count > 0 ? "hide" : "show") + " the places of " + token.name, on: () => {
      open.set(group.number, count > 0 ? 0 : places_shown);
      body.replaceWith(body_of(group));
    }}, count > 0 ? "\u25be" : "\u25b8");
    const head = make("th", {scope: "rowgroup"}, fold, make("code", {}, token.name), make("div", {class: "faint mono"}, "sha256 " + token.sha.slice(0, 12)));
    const story = make("td", {colspan: "2"}, token.story, timeline(token));
    const body = make("tbody", {}, make("tr", {class: "token"}, head, make("td", {}, rows.length.toLocaleString("en")), story,
      make("td", {}, make("span", {class: state_kind(token.state)}, token.state))));
    for (let i = 0; i < count; ++i) body.append(place_row(rows[i]));
    if (count > 0 && count < rows.length) {
      body.append(make("tr", {class: "place"}, make("td", {colspan: "5"}, make("button", {class: "more", type: "button", on: () => {
        open.set(group.number, count + 200);
        body.replaceWith(body_of(group));
      }}, "Show more of its " + rows.length.toLocaleString("en") + " places"))));
    }
    return body;
  };

  const table = document.getElementById("findings");
  const status = document.getElementById("status");
  const more = make("button", {class: "more", type: "button", on: () => { const from = shown; shown += page_size; add_groups(from); }}, "Show more tokens");
  const add_groups = (from) => {
    table.append(...groups.slice(from, shown).map(body_of));
    more.hidden = shown >= groups.length;
  };
  const draw = () => {
    for (const body of [...table.tBodies]) body.remove();
    add_groups(0);
    const places = groups.reduce((sum, group) => sum + group.rows.length, 0);
    status.textContent = places.toLocaleString("en") + " of " + data.rows.length.toLocaleString("en") + " places, " + groups.length.toLocaleString("en") + " of " + data.tokens.length.toLocaleString("en") + " tokens";
    for (const head of table.tHead.querySelectorAll("th[data-key]")) {
      if (head.dataset.key === order.key) head.setAttribute("aria-sort", order.down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    }
  };

  const chart = (kind, column) => {
    const counts = new Map();
    for (let number = 0; number < data.rows.length; ++number) {
      const key = data.rows[number][column];
      if (key >= 0 && fits(number, kind)) counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const bars = [...counts].sort((a, b) => b[1] - a[1] || (text(a[0]) < text(b[0]) ? -1 : 1));
    const most = bars.length > 0 ? bars[0][1] : 1;
    const kept = bars.slice(0, bars_shown);
    if (wanted[kind] !== null && !kept.some(([key]) => key === wanted[kind])) kept.push([wanted[kind], counts.get(wanted[kind]) ?? 0]);
    const list = document.getElementById("by-" + kind);
    list.replaceChildren(...kept.map(([key, count]) => make("li", {}, make("button", {class: "bar", type: "button", "aria-pressed": String(wanted[kind] === key), title: text(key), on: () => {
      wanted[kind] = wanted[kind] === key ? null : key;
      refresh();
      list.querySelector('[aria-pressed="true"]')?.focus();
    }}, make("span", {class: "name"}, text(key)), drawing("bar-line", rect("bar-part", 0, Math.max(6, Math.round(count / most * 1000)))), make("span", {class: "count"}, count.toLocaleString("en"))))));
    if (bars.length > kept.length) list.append(make("li", {class: "faint"}, "and " + (bars.length - kept.length).toLocaleString("en") + " more"));
  };
  const refresh = () => { regroup(); chart("folder", FOLDER); chart("author", AUTHOR); draw(); };

  const controls = document.getElementById("controls");
  const search = make("input", {type: "search", placeholder: "Filter by file, commit, author, token \u2026  ( / )", "aria-label": "Filter"});
  let waiting = 0;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { wanted.text = search.value.trim().toLowerCase(); refresh(); }, 120);
  });
  const states = make("select", {"aria-label": "State"}, make("option", {value: ""}, "every state"));
  for (const state of [...new Set(data.rows.map((row) => row[STATE]))]) states.append(make("option", {value: text(state)}, text(state)));
  states.addEventListener("change", () => { wanted.state = states.value; refresh(); });
  const reset = make("button", {type: "button", on: () => {
    Object.assign(wanted, {text: "", state: "", folder: null, author: null});
    search.value = "";
    states.value = "";
    refresh();
  }}, "Reset");
  controls.replaceChildren(search, states, reset);
  controls.hidden = false;
  for (const head of table.tHead.querySelectorAll("th[data-key]")) {
    const name = head.textContent;
    head.replaceChildren(make("button", {type: "button", on: () => {
      order.down = order.key === head.dataset.key ? !order.down : head.dataset.key === "places" || head.dataset.key === "exposed";
      order.key = head.dataset.key;
      regroup();
      draw();
    }}, name));
  }
  table.after(more);
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName ?? "");
    if (event.key === "/" && !typing) { event.preventDefault(); search.focus(); }
    if (event.key === "Escape" && document.activeElement === search) { search.value = ""; wanted.text = ""; refresh(); }
  });
  document.getElementById("partial")?.remove();
  refresh();
  document.documentElement.dataset.ready = "yes";
})();
