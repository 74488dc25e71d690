// Shows the document that the page names. Nothing is asked of other servers: no validator, no address from the query.
const place = document.getElementById("docs");
window.SwaggerUIBundle({
  url: place.dataset.document,
  domNode: place,
  deepLinking: true,
  queryConfigEnabled: false,
  validatorUrl: null,
});
