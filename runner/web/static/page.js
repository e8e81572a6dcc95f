"use strict";

// The token has done its work: the cookie stands for it. History and bookmarks need not keep it.
history.replaceState(null, "", location.pathname);

const classes = document.body.classList;

// The terminal measures its cells once, so the font must be there first.
async function begin() {
  const styles = ["16px", "bold 16px", "italic 16px"];
  await Promise.allSettled(styles.map((style) => document.fonts.load(`${style} "Roboto Mono"`)));
  const script = document.createElement("script");
  script.src = "/textual/js/textual.js";
  script.addEventListener("load", () => window.onload(new Event("load")));
  document.head.append(script);
}

// Whoever opens the page wants to type; before the socket is open, that would be told too early.
function focusOnce(_changes, observer) {
  if (classes.contains("-loaded")) {
    observer.disconnect();
    document.querySelector(".xterm-helper-textarea").focus();
  }
}

// Ctrl+W deletes a word in a shell and closes a page in a browser.
function askBeforeLeaving(event) {
  if (classes.contains("-first-byte") && !classes.contains("-closed")) {
    event.preventDefault();
  }
}

new MutationObserver(focusOnce).observe(document.body, { attributeFilter: ["class"] });
window.addEventListener("beforeunload", askBeforeLeaving);
document.querySelector("#again").addEventListener("click", () => location.reload());
window.addEventListener("load", begin);
