// HTML that strangers wrote, as nodes that cannot do anything: no script, no handler, no form, nothing that is fetched
// from elsewhere (its server would learn who reads the page), and no style, which the content policy forbids.
import DOMPurify from "dompurify";

const FETCHING = new Set(["src", "srcset", "poster", "background", "data", "xlink:href"]);

DOMPurify.addHook("uponSanitizeAttribute", (node, attribute) => {
  const isImageData = /^data:image\/(png|jpeg|gif|webp|avif|svg\+xml)[;,]/i.test(attribute.attrValue);
  if (FETCHING.has(attribute.attrName) && !isImageData) attribute.keepAttr = false;
});
DOMPurify.addHook("afterSanitizeAttributes", (node) => {
  if (node.localName === "a" && node.hasAttribute("href")) node.setAttribute("rel", "nofollow noopener");
});

export function safe(html, options = {}) {
  return DOMPurify.sanitize(html, {
    RETURN_DOM_FRAGMENT: true,
    FORBID_TAGS: ["style", "form", "input", "button", "select", "textarea", "link", "meta", "base"],
    FORBID_ATTR: ["style", "id", "name", "class", "target", "ping", "formaction"],
    ALLOW_DATA_ATTR: false,
    ...options,
  });
}
