/** A line or an area being drawn point by point; knows neither the map nor the page. */

const LEAST = { line: 2, area: 3 };

export class Sketch {
  /** `type` is "line" or "area". */
  constructor(type) {
    if (!(type in LEAST)) throw new TypeError(`a sketch is a line or an area, not ${type}`);
    this.type = type;
    this.points = [];
  }

  /** False, and nothing added, when the point is the last one again: the second click of a double click. */
  add([lon, lat]) {
    const last = this.points.at(-1);
    if (last && last[0] === lon && last[1] === lat) return false;
    this.points.push([lon, lat]);
    return true;
  }

  removeLast() {
    this.points.pop();
  }

  /** Enough points to be what it is meant to be? */
  get complete() {
    return this.points.length >= LEAST[this.type];
  }

  /** The GeoJSON geometry, null while there are too few points. */
  get geometry() {
    if (!this.complete) return null;
    const points = this.points.map((point) => [...point]);
    if (this.type === "line") return { type: "LineString", coordinates: points };
    return { type: "Polygon", coordinates: [[...points, [...points[0]]]] };
  }

  /** What to show while drawing: its corners, and the shape as if the pointer were the next one. */
  preview(pointer) {
    const next = pointer ? [...this.points, pointer] : this.points;
    const shape = new Sketch(this.type);
    shape.points = next;
    const features = this.points.map((coordinates) => feature({ type: "Point", coordinates }));
    if (shape.geometry) features.unshift(feature(shape.geometry));
    else if (next.length === 2) features.unshift(feature({ type: "LineString", coordinates: next }));
    return { type: "FeatureCollection", features };
  }
}

function feature(geometry) {
  return { type: "Feature", properties: {}, geometry };
}
