import assert from "node:assert/strict";
import { test } from "node:test";
import { Sketch } from "#gisplatform/map-sketch";

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
