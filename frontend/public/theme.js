// Before the first paint: the chosen theme and language, so that nothing flashes.
(function () {
  var root = document.documentElement;
  var theme = null;
  var language = navigator.language;
  try {
    theme = localStorage.getItem('hansa.theme');
    language = localStorage.getItem('hansa.language') || language;
  } catch {
    // Storage is switched off: the system's theme and the browser's language hold.
  }
  var dark = theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.dataset.theme = dark ? 'dark' : 'light';
  root.lang = /^zh/i.test(language) ? 'zh-CN' : 'en';
})();
