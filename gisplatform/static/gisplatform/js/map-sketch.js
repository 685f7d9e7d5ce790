/** A line or an area being drawn point by point; knows neither the map nor the page. */

import { crossesItself, lengthOf, squareMetresOf } from "#gisplatform/map-geometry";

const LEAST = { line: 2, area: 3 };

export class Sketch {
  /** `type` is "line" or "area"; `points` are those to go on from. */
  constructor(type, points = []) {
    if (!(type in LEAST)) throw new TypeError(`a sketch is a line or an area, not ${type}`);
    this.type = type;
    this.points = points.map(([lon, lat]) => [lon, lat]);
  }

  /** False, and nothing added, when the point is the last one again: the second click of a double click. */
  add([lon, lat]) {
    const last = this.points.at(-1);
    if (last && last[0] === lon && last[1] === lat) return false;
    this.points.push([lon, lat]);
    return true;
  }

  move(number, [lon, lat]) {
    this.points[number] = [lon, lat];
  }

  removeLast() {
    this.points.pop();
  }

  /** Enough points to be what it is meant to be? */
  get complete() {
    return this.points.length >= LEAST[this.type];
  }

  /** Whether it may be what it is: an outline does not cross itself, and holds something. */
  get valid() {
    if (!this.complete) return false;
    return this.type === "line" || (squareMetresOf(this.points) > 0.01 && !crossesItself(this.points));
  }

  /**
   * How large it is, as if the pointer were the next point: `{ points, lengthM, areaM2, valid }`. The length of an area
   * is that of its outline.
   */
  measure(pointer) {
    const corners = pointer ? [...this.points, pointer] : this.points;
    const closed = this.type === "area" && corners.length > 2;
    return {
      points: this.points.length,
      lengthM: lengthOf(closed ? [...corners, corners[0]] : corners),
      areaM2: closed ? squareMetresOf(corners) : 0,
      valid: this.valid,
    };
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
    const shape = new Sketch(this.type, next);
    const features = this.points.map((coordinates) => feature({ type: "Point", coordinates }));
    if (shape.geometry) features.unshift(feature(shape.geometry));
    else if (next.length === 2) features.unshift(feature({ type: "LineString", coordinates: next }));
    return { type: "FeatureCollection", features };
  }
}

/** The points a finished geometry was drawn by. */
export function pointsOf({ type, coordinates }) {
  return type === "Polygon" ? coordinates[0].slice(0, -1) : coordinates;
}

function feature(geometry) {
  return { type: "Feature", properties: {}, geometry };
}

/** How large a shape of these points is: what a sketch of them measures. */
export function measured(type, points) {
  return new Sketch(type, points).measure(null);
}
