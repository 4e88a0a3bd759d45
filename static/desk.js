/* What the pages need of a script. Every page also works without it. */
(function () {
  "use strict";
  const root = document.documentElement;
  root.dataset.js = "";

  /* The CSRF token is read anew each time: signing in again in another tab changes it. */
  function token() {
    const found = document.cookie.match(/(?:^|; )(?:__(?:Host|Secure)-)?csrftoken=([^;]+)/);
    return found ? decodeURIComponent(found[1]) : "";
  }

  document.addEventListener("htmx:configRequest", function (event) {
    const value = token();
    if (!value) return;
    event.detail.headers["X-CSRFToken"] = value;
    if (event.detail.parameters.csrfmiddlewaretoken) event.detail.parameters.csrfmiddlewaretoken = value;
  });

  document.addEventListener("submit", function (event) {
    const form = event.target, now = Date.now();
    if (form.method === "post" && !form.hasAttribute("hx-post")) {
      if (now - (form.dataset.sent || 0) < 2000) { event.preventDefault(); return; } /* a double click is one */
      form.dataset.sent = now;
    }
    const field = event.target.querySelector("input[name=csrfmiddlewaretoken]");
    const value = token();
    if (field && value) field.value = value;
  }, true);

  /* What could not be sent, by the element that would have sent it. */
  const waiting = new Map();
  const words = {
    send: "The server could not be reached. Your last answer could not be saved; your answers are still on this page.",
    refused: "Your last answer could not be saved; your answers are still on this page.",
    ended: "Your session has ended. Your answers are still on this page. Sign in in a new tab, come back, and try again."
  };

  function show(event, text, login) {
    const bar = document.getElementById("trouble");
    if (!bar) return;
    const cause = event.detail.requestConfig && event.detail.requestConfig.triggeringEvent;
    waiting.set(event.detail.elt, cause ? { type: cause.type, target: cause.target } : null);
    bar.querySelector("[data-sign-in]").hidden = !login;
    bar.hidden = false;
    bar.querySelector("[data-words]").textContent = text;
  }

  function retry() {
    waiting.forEach(function (cause, elt) {
      if (!elt.isConnected) { waiting.delete(elt); return; }
      const target = cause && cause.target && cause.target.isConnected ? cause.target : elt;
      if (cause && cause.type === "click") target.click();
      else if (target.tagName === "FORM") target.requestSubmit();
      else target.dispatchEvent(new Event(cause ? cause.type : "change", { bubbles: true }));
    });
    if (!waiting.size) document.getElementById("trouble").hidden = true;
  }

  /* Signed out, the request ends at the sign-in page: never swap that into a form. */
  function isLogin(xhr) {
    const login = document.querySelector("meta[name=sign-in]");
    if (!login || !xhr || !xhr.responseURL) return false;
    const path = new URL(xhr.responseURL).pathname;
    return path === login.content && path !== window.location.pathname;
  }

  document.addEventListener("htmx:beforeSwap", function (event) {
    if (!isLogin(event.detail.xhr)) return;
    event.detail.shouldSwap = false;
    show(event, words.ended, true);
  });
  document.addEventListener("htmx:sendError", function (event) { show(event, words.send, false); });
  document.addEventListener("htmx:timeout", function (event) { show(event, words.send, false); });
  document.addEventListener("htmx:responseError", function (event) {
    const status = event.detail.xhr.status;
    const signedOut = status === 401 || status === 403;
    show(event, signedOut ? words.ended : words.refused + " (" + status + ")", signedOut);
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    if (!event.detail.successful || isLogin(event.detail.xhr)) return;
    waiting.delete(event.detail.elt);
    waiting.forEach(function (cause, elt) { if (!elt.isConnected) waiting.delete(elt); });
    const bar = document.getElementById("trouble");
    if (bar && !waiting.size) bar.hidden = true;
  });
  window.addEventListener("beforeunload", function (event) {
    if (waiting.size) event.preventDefault();
  });

  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-print]")) window.print();
    if (event.target.closest("[data-retry]")) retry();
  });
}());
