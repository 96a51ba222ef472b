// Keep it small: every visitor of a page loads it. What it does stands in docs/visitors.md.
#include "tracking/page_script.hpp"

namespace postback {
namespace {

constexpr std::string_view kScript = R"js((function () {
  'use strict';
  var script = document.currentScript;
  if (!script || window.postback) return;
  var server = new URL(script.src).origin;
  var campaign = script.getAttribute('data-campaign') || '';
  var name = script.getAttribute('data-cookie') || 'postbackd';
  var days = Number(script.getAttribute('data-days')) || 30;
  var form = /^[0-7][0-9a-hjkmnp-tv-z]{25}$/i;
  var id = '';
  var waiting = [];
  var ads = script.getAttribute('data-click-params') ||
    'gclid gbraid wbraid msclkid fbclid ttclid twclid li_fat_id epik ScCid rdt_cid';
  var quiet = navigator.globalPrivacyControl || script.hasAttribute('data-no-cookie');

  // Tells one click on an advertisement from another by what its address says; empty where it says nothing of one.
  function mark() {
    var query = new URLSearchParams(location.search);
    var hash = 0, text = '';
    ads.split(/[\s,]+/).forEach(function (each) { if (query.get(each)) text += each + '=' + query.get(each) + ' '; });
    for (var i = 0; i < text.length; i++) hash = (hash * 31 + text.charCodeAt(i)) >>> 0;
    return text && hash.toString(36);
  }
  // The cookie is ID:campaign:mark of the address that it was given for.
  function remembered() {
    if (quiet) return '';
    var found = document.cookie.match(
      new RegExp('(?:^|; )' + name.replace(/[^\w-]/g, '') + '=([^;:]*):?([^;:]*):?([^;]*)'));
    if (!found || !form.test(found[1])) return '';
    if (campaign && found[2] && found[2] !== encodeURIComponent(campaign)) return '';
    return campaign && mark() && mark() !== found[3] ? '' : found[1];
  }
  function remember() {
    if (quiet) return;
    document.cookie = name + '=' + id + ':' + encodeURIComponent(campaign) + ':' + mark() + '; Path=/; Max-Age=' +
      days * 86400 + '; SameSite=Lax' +
      (location.protocol === 'https:' ? '; Secure' : '');
  }
  function settle(found, isNew) {
    if (!found) return;
    id = found;
    if (isNew) remember();
    waiting.splice(0).forEach(function (call) { call(id); });
    decorate(document);
  }
  function decorate(root) {
    if (!id) return;
    root.querySelectorAll('a[href]').forEach(function (link) {
      var url;
      try { url = new URL(link.href); } catch (fault) { return; }
      var way = url.origin === server && url.pathname.match(/^\/out(\/\d{1,4})?\/?$/);
      if (way) url.pathname = '/out/' + id + (way[1] || '');
      else if (link.hasAttribute('data-postback')) {
        url.searchParams.set(link.getAttribute('data-postback') || 'click_id', id);
      } else return;
      link.href = url.href;
    });
  }
  window.postback = {
    clickId: function () { return id; },
    ready: function (call) { if (id) call(id); else waiting.push(call); },
    decorate: function (root) { decorate(root || document); }
  };

  var given = new URLSearchParams(location.search).get(script.getAttribute('data-param') || 'click_id');
  var isGiven = form.test(given || '');
  var known = isGiven ? given : remembered();
  function start() {
    if (known) return settle(known, isGiven);
    if (!campaign) return;
    fetch(server + '/click', {
      method: 'POST', mode: 'cors', credentials: 'omit', keepalive: true,
      headers: { 'Content-Type': 'text/plain' },
      body: JSON.stringify({ campaign: campaign, query: location.search, referrer: document.referrer })
    }).then(function (answer) { return answer.ok ? answer.json() : {}; })
      .then(function (said) { settle(said.click_id || '', true); }, function () {});
  }
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start);
  else start();
})();
)js";

}  // namespace

std::string_view page_script() { return kScript; }

void answer_page_script(http::Exchange& exchange) {
  exchange.respond(200)
      .header("Cache-Control", "public, max-age=3600")
      .header("Cross-Origin-Resource-Policy", "cross-origin")
      .header("X-Content-Type-Options", "nosniff")
      .finish(kScript, "text/javascript; charset=utf-8");
  exchange.finish();
}

}  // namespace postback
