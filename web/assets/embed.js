// For pages that show a space in a frame: gives each such frame the height of what it shows.
addEventListener("message", ({ source, data }) => {
  const height = data?.vitrineHeight;
  if (typeof height !== "number" || !(height > 0 && height < 20000)) return;
  for (const frame of document.querySelectorAll("iframe")) {
    if (frame.contentWindow === source) frame.style.height = `${Math.ceil(height)}px`;
  }
});
