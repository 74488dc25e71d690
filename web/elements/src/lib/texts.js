// Every text of the elements that people read, in one place, ready for translation: the counterpart of `web/src/texts`.
// Whole sentences, also those with a value in them, so that a translation may put the value elsewhere.
export const texts = {
  // Camera, brush, microphone.
  camera: "Camera",
  microphone: "Microphone",
  draw: "Draw",
  record: "Record",
  stop: "Stop",
  takePicture: "Take the picture",
  recordingFor: (seconds) => `Recording… ${seconds} s`,
  notAllowed: "The browser was not allowed to use the device: allow it beside the address, then try again.",
  noDevice: "There is no such device here: choose a file instead.",
  failed: (reason) => `This did not work: ${reason}`,

  // A picture that is changed.
  crop: "Crop",
  drawOnIt: "Draw on it",
  useDrawing: "Use the drawing",
  cropArea: "The picture; drag to choose a part, or type its edges",
  left: "Left",
  top: "Top",
  right: "Right",
  bottom: "Bottom",
  colour: "Colour",
  brush: "Brush",
  undo: "Undo",
  drawingArea: "Drawing area",
  cancel: "Cancel",

  // A table.
  table: "Table",
  addRow: "Add row",
  removeRow: "Remove row",
  tableSize: (n_rows, n_columns) => `${n_rows.toLocaleString("en")} ${n_rows === 1 ? "row" : "rows"} × ${n_columns}`,
  cell: (header, row) => `${header}, row ${row}`,

  // A map.
  noGeoJson: (reason) => `This is no GeoJSON: ${reason}`,
  mapOf: (names) => `Map: ${names.join(", ")}`,
  mapWith: (n_features) => `Map with ${n_features} features`,
  mapHint: "Click on the map to set a point, on a point to take it away.",

  // A marked text.
  markerText: (label) => `${label}, the text`,
  markerClass: (label) => `${label}, the class of the selected part`,
  markerClassHint: "Class",
  mark: "Mark the selection",
  removeMark: "Take the mark away",

  // What an author's document is refused for.
  noModel: (reason) => `This model cannot be shown here: ${reason}`,
  noModelFormat: (format) => `the format “${format}” is none of glb, gltf, obj and stl`,
  model: "A three-dimensional model; turn it with the arrow keys",
  noPlot: (reason) => `This plot cannot be drawn: ${reason}`,
  plotLoads: (address) => `a plot cannot load ${address}: put the data into the specification`,
  plotLinks: "a plot cannot link to other addresses",
  plotReads: "a plot cannot load data",
};
