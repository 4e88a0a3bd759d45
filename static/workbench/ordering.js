/* Provisions and statements in order: moved by a handle or by buttons; the position fields follow. */
(function () {
  "use strict";
  const groups = [...document.querySelectorAll(".cards")].filter(function (group) { return group.querySelector("[data-move]"); });
  const effects = ["effect", "stance"];

  function cards(group) { return [...group.querySelectorAll(".card:not(.empty-form)")]; }
  function field(card, name) { return card.querySelector("[name$='-" + name + "']"); }
  function nameOf(card) {
    const code = field(card, "code");
    return code && code.value.trim() ? code.value.trim() : card.closest(".cards").dataset.noun + " " + card.querySelector(".card-place").textContent;
  }

  /* A card that was added and not filled in: it is not saved, and has no place in the order. */
  function blank(card) {
    return !card.classList.contains("has_original") && [...card.querySelectorAll("textarea, select, input[type=text]")].every(function (one) { return !one.value.trim(); });
  }

  function chip(card) {
    const shown = card.querySelector(".effect-chip");
    const select = effects.map(function (name) { return field(card, name); }).find(Boolean);
    shown.dataset.effect = select.value;
    shown.textContent = select.value ? select.selectedOptions[0].textContent : "";
    shown.hidden = !select.value;
  }

  /* Heads and position fields, as the cards stand now. */
  function number(group) {
    const all = cards(group);
    all.forEach(function (card, n) {
      card.querySelector(".card-place").textContent = n + 1;
      field(card, "position").value = blank(card) ? "" : n + 1;
      const code = field(card, "code");
      card.querySelector(".card-name").textContent = code ? code.value.trim() || "New " + group.dataset.noun.toLowerCase() : group.dataset.noun;
      card.querySelectorAll("[data-move]").forEach(function (button) {
        const up = button.dataset.move === "up";
        button.setAttribute("aria-label", "Move " + nameOf(card) + (up ? " up" : " down"));
        button.setAttribute("aria-disabled", String(n === (up ? 0 : all.length - 1)));
      });
      chip(card);
    });
  }

  function moved(group, card) {
    number(group);
    const all = cards(group);
    window.editing.say(nameOf(card) + " is now " + group.dataset.noun.toLowerCase() + " " + (all.indexOf(card) + 1) + " of " + all.length + ".");
    window.editing.changed();
  }

  /* Django wants the parts that are on file first in its count, wherever they stand on the page. */
  function recount(group) {
    const prefix = new RegExp(group.dataset.prefix + "-\\d+", "g");
    const all = cards(group);
    const onFile = function (card) { return card.classList.contains("has_original"); };
    all.filter(onFile).concat(all.filter(function (card) { return !onFile(card); })).forEach(function (card, n) {
      [card, ...card.querySelectorAll("*")].forEach(function (one) {
        ["id", "name", "for", "aria-describedby", "aria-labelledby"].forEach(function (attribute) {
          const value = one.getAttribute(attribute);
          if (value) one.setAttribute(attribute, value.replace(prefix, group.dataset.prefix + "-" + n));
        });
      });
    });
    number(group);
    document.dispatchEvent(new CustomEvent("editing:renumbered"));
    window.editing.changed();
  }

  groups.forEach(function (group) {
    number(group);

    group.addEventListener("click", function (event) {
      const button = event.target.closest("[data-move]");
      if (!button || button.getAttribute("aria-disabled") === "true") return;
      const card = button.closest(".card");
      const all = cards(group);
      const other = all[all.indexOf(card) + (button.dataset.move === "up" ? -1 : 1)];
      if (button.dataset.move === "up") card.after(other); else card.before(other); // the focus stays: the other one moves
      moved(group, card);
      card.scrollIntoView({ block: "nearest" });
    });
    ["input", "change"].forEach(function (kind) {
      group.addEventListener(kind, function (event) { if (!event.target.matches("textarea")) number(group); });
    });

    group.addEventListener("formset:added", function (event) {
      const card = event.target;
      const before = cards(group).filter(function (one) { return one !== card; }).pop();
      if (before && field(before, "criteria").value.trim() === "always") before.before(card); // the closing one stays last
      queueMicrotask(function () {
        recount(group);
        (field(card, "code") || field(card, "stance")).focus();
      });
    });
    drag(group);
  });
  document.addEventListener("formset:removed", function (event) {
    const group = groups.find(function (one) { return one.dataset.prefix === event.detail.formsetName; });
    if (group) queueMicrotask(function () { recount(group); });
  });
  document.querySelector("#content-main form").addEventListener("submit", function () { groups.forEach(number); });
  window.editing.blank = blank;

  /* Dragging: the cards fold to their heads, a line shows where the one held would go, Esc leaves it where it was. */
  function drag(group) {
    let held = null, target = null, y = 0, timer = 0;

    function keep(card, top) { window.scrollBy(0, card.getBoundingClientRect().top - top); }

    function aim() {
      target?.card.removeAttribute("data-drop");
      target = null;
      cards(group).forEach(function (card) {
        const box = card.getBoundingClientRect();
        if (y >= box.top + box.height / 2) target = { card: card, side: "after" };
        else if (!target) target = { card: card, side: "before" };
      });
      if (target) target.card.dataset.drop = target.side;
    }

    function scroll() {
      if (y < 60) window.scrollBy(0, -12);
      else if (y > innerHeight - 60) window.scrollBy(0, 12);
      aim();
    }

    function end(put) {
      clearInterval(timer);
      const card = held, aimed = target;
      const top = card.getBoundingClientRect().top;
      aimed?.card.removeAttribute("data-drop");
      held = target = null;
      group.classList.remove("dragging");
      card.classList.remove("held");
      if (put && aimed && aimed.card !== card) {
        const order = cards(group).indexOf(card);
        aimed.card[aimed.side](card);
        if (cards(group).indexOf(card) !== order) moved(group, card);
      }
      keep(card, Math.min(Math.max(top, 80), innerHeight / 2));
      document.removeEventListener("pointermove", move);
      document.removeEventListener("pointerup", up);
      document.removeEventListener("pointercancel", cancel);
      document.removeEventListener("keydown", key);
    }

    function move(event) { y = event.clientY; aim(); }
    function up() { end(true); }
    function cancel() { end(false); }
    function key(event) { if (event.key === "Escape") end(false); }

    group.addEventListener("pointerdown", function (event) {
      const handle = event.target.closest(".card-handle");
      if (!handle || event.button || held) return;
      event.preventDefault();
      held = handle.closest(".card");
      y = event.clientY;
      const top = held.getBoundingClientRect().top;
      group.classList.add("dragging");
      held.classList.add("held");
      keep(held, top);
      timer = setInterval(scroll, 30);
      document.addEventListener("pointermove", move);
      document.addEventListener("pointerup", up);
      document.addEventListener("pointercancel", cancel);
      document.addEventListener("keydown", key);
    });
  }
}());
