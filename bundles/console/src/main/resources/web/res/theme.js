// Runs before the first paint: the chosen theme, or the system's where none was chosen.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("selvedge-theme");
  } catch {
    // Storage may be switched off; then the system decides.
  }
  if (chosen === "light" || chosen === "dark") {
    document.documentElement.dataset.theme = chosen;
  }
})();
