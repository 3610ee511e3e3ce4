// Runs before the first paint, so that a dark page does not flash white. A file of its own because the
// Content-Security-Policy allows no inline scripts.
(function () {
  var stored = null;
  try {
    stored = localStorage.getItem('lemni-scheme');
  } catch (_) {
    // Storage can be forbidden: then the system decides.
  }
  var dark = stored === 'dark' || (stored !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
