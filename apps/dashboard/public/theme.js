// Before the first paint, so that a light screen never flashes dark: the chosen theme, or else what the system says.
(function () {
  var chosen = null;
  try {
    chosen = localStorage.getItem('wary.theme');
  } catch {
    // Storage may be forbidden; then the system decides.
  }
  var light = chosen === 'light' || (chosen !== 'dark' && matchMedia('(prefers-color-scheme: light)').matches);
  document.documentElement.dataset.theme = light ? 'light' : 'dark';
})();
