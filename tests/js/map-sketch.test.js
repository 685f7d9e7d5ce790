import assert from "node:assert/strict";
import { test } from "node:test";
import { measured, pointsOf, Sketch } from "#gisplatform/map-sketch";

function drawn(type, ...points) {
  const sketch = new Sketch(type);
  for (const point of points) sketch.add(point);
  return sketch;
}

test("a line needs two points, an area three", () => {
  assert.equal(drawn("line", [0, 0]).geometry, null);
  assert.deepEqual(drawn("line", [0, 0], [1, 1]).geometry, {
    type: "LineString",
    coordinates: [
      [0, 0],
      [1, 1],
    ],
  });
  assert.equal(drawn("area", [0, 0], [1, 1]).geometry, null);
});

test("an area closes itself", () => {
  const { geometry } = drawn("area", [0, 0], [1, 0], [1, 1]);
  assert.equal(geometry.type, "Polygon");
  assert.deepEqual(geometry.coordinates[0][0], geometry.coordinates[0].at(-1));
  assert.equal(geometry.coordinates[0].length, 4);
});

test("the same point twice is one", () => {
  const sketch = drawn("line", [0, 0]);
  assert.equal(sketch.add([0, 0]), false);
  assert.equal(sketch.points.length, 1);
  assert.equal(sketch.add([1, 0]), true);
});

test("the last point is taken back, down to none", () => {
  const sketch = drawn("area", [0, 0], [1, 0], [1, 1]);
  sketch.removeLast();
  assert.equal(sketch.complete, false);
  for (let i = 0; i < 5; i += 1) sketch.removeLast();
  assert.deepEqual(sketch.preview(null), { type: "FeatureCollection", features: [] });
});

test("a preview shows the shape to the pointer and its corners, and changes nothing", () => {
  const sketch = drawn("area", [0, 0], [1, 0]);
  const { features } = sketch.preview([1, 1]);
  assert.deepEqual(
    features.map(({ geometry }) => geometry.type),
    ["Polygon", "Point", "Point"],
  );
  assert.equal(sketch.points.length, 2);
  assert.deepEqual(
    drawn("area", [0, 0])
      .preview([1, 1])
      .features.map(({ geometry }) => geometry.type),
    ["LineString", "Point"],
  );
});

test("what was handed out does not follow later points", () => {
  const sketch = drawn("line", [0, 0], [1, 1]);
  const { geometry } = sketch;
  sketch.add([2, 2]);
  assert.equal(geometry.coordinates.length, 2);
});

test("there are lines and areas only", () => {
  assert.throws(() => new Sketch("circle"), TypeError);
});

// About 111 m of latitude, and as much of longitude at the equator.
const STEP = 0.001;
const square = [
  [0, 0],
  [STEP, 0],
  [STEP, STEP],
  [0, STEP],
];

test("a line is measured to the pointer, an area with its outline", () => {
  assert.ok(Math.abs(drawn("line", [0, 0]).measure([0, STEP]).lengthM - 111.2) < 0.1);
  const { areaM2, lengthM, points, valid } = measured("area", square);
  assert.ok(Math.abs(areaM2 - 111.2 ** 2) < 25, areaM2);
  assert.ok(Math.abs(lengthM - 4 * 111.2) < 0.5, lengthM);
  assert.deepEqual([points, valid], [4, true]);
  assert.equal(measured("area", square.slice(0, 2)).areaM2, 0);
});

test("an area in Caen is measured with the longitudes of Caen", () => {
  const corners = square.map(([x, y]) => [x - 0.36, y + 49.18]);
  const { areaM2 } = measured("area", corners);
  assert.ok(Math.abs(areaM2 - 111.2 ** 2 * Math.cos((49.18 * Math.PI) / 180)) < 25, areaM2);
});

test("an outline that crosses, touches or folds back on itself is not valid; a line may cross", () => {
  const [a, b, c, d] = square;
  const touching = [a, b, [STEP / 2, 0], c, d];
  assert.equal(measured("area", [a, c, b, d]).valid, false);
  assert.equal(measured("area", touching).valid, false);
  assert.equal(measured("area", [a, b, [STEP / 2, 0]]).valid, false);
  assert.equal(measured("area", [a, b, c, [STEP / 2, STEP / 2], d]).valid, true);
  assert.equal(measured("line", [a, c, b, d]).valid, true);
});

test("a corner is moved, and a finished shape is taken up again", () => {
  const sketch = new Sketch("area", square);
  sketch.move(2, [2 * STEP, 2 * STEP]);
  assert.deepEqual(pointsOf(sketch.geometry)[2], [2 * STEP, 2 * STEP]);
  assert.equal(pointsOf(sketch.geometry).length, 4);
  assert.deepEqual(square[2], [STEP, STEP]);
  assert.deepEqual(pointsOf(drawn("line", [0, 0], [1, 1]).geometry).length, 2);
});
