(function () {
  "use strict";
  var box = document.getElementById("search-box");
  var field = document.getElementById("search-field");
  var list = document.getElementById("search-results");
  var said = document.getElementById("search-status");
  var index = JSON.parse(document.getElementById("search-index").textContent);
  function plain(text) { return text.toLowerCase(); }
  function show() {
    var words = plain(field.value).split(/\s+/).filter(Boolean);
    list.textContent = "";
    said.textContent = "";
    if (!words.length || field.value.trim().length < 2) { return; }
    function holds(text) { return words.every(function (word) { return text.indexOf(word) >= 0; }); }
    var titled = index.filter(function (entry) { return holds(plain(entry[0])); });
    var others = index.filter(function (entry) {
      return !holds(plain(entry[0])) && holds(plain(entry[0] + " " + entry[2]));
    });
    var found = titled.concat(others);
    said.textContent = found.length
      ? box.dataset.found.replace("{count}", found.length) : box.dataset.none;
    found.slice(0, 20).forEach(function (entry) {
      var item = document.createElement("li");
      var link = document.createElement("a");
      link.href = entry[1];
      link.textContent = entry[0];
      item.appendChild(link);
      list.appendChild(item);
    });
  }
  box.hidden = false;
  field.addEventListener("input", show);
  box.addEventListener("submit", function (event) {
    event.preventDefault();
    var first = list.querySelector("a");
    if (first) { first.focus(); }
  });
})();
