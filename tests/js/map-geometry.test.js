import assert from "node:assert/strict";
import { test } from "node:test";
import { boundsOf, circle, metresBetween, middleOf, positions } from "#gisplatform/map-geometry";

const CAEN = [-0.3707, 49.1829];

test("bounds hold every position of a collection, a feature or a geometry", () => {
  const line = {
    type: "LineString",
    coordinates: [
      [1, 5],
      [3, -2],
    ],
  };
  const point = { type: "Point", coordinates: [-4, 9] };
  const collection = { type: "FeatureCollection", features: [{ geometry: line }, { geometry: point }] };
  assert.deepEqual(boundsOf(collection), [
    [-4, -2],
    [3, 9],
  ]);
  assert.deepEqual(boundsOf({ type: "Feature", geometry: point }), [
    [-4, 9],
    [-4, 9],
  ]);
  assert.deepEqual(boundsOf(line), [
    [1, -2],
    [3, 5],
  ]);
});

test("nothing has no bounds", () => {
  assert.equal(boundsOf({ type: "FeatureCollection", features: [] }), null);
  assert.equal(boundsOf({ type: "FeatureCollection", features: [{ type: "Feature", geometry: null }] }), null);
  assert.equal(boundsOf({ type: "Feature", geometry: null }), null);
  assert.equal(boundsOf(null), null);
});

test("a hundred thousand positions have bounds too", () => {
  const coordinates = Array.from({ length: 100_000 }, (_, i) => [i / 1000, 0]);
  assert.deepEqual(boundsOf({ type: "MultiPoint", coordinates })[1], [99.999, 0]);
});

test("a circle has its radius on the ground, all around", () => {
  const [ring] = circle(...CAEN, 100).coordinates;
  assert.deepEqual(ring[0], ring.at(-1));
  for (const corner of ring) assert.ok(Math.abs(metresBetween(CAEN, corner) - 100) < 0.1);
});

test("a degree of latitude is about 111 km", () => {
  assert.ok(Math.abs(metresBetween([0, 0], [0, 1]) - 111_195) < 1);
});

test("the middle of a line lies halfway along it", () => {
  const bent = {
    type: "LineString",
    coordinates: [
      [0, 0],
      [0, 0],
      [0.001, 0],
      [0.001, 0.001],
    ],
  };
  const [lon, lat] = middleOf(bent);
  assert.ok(Math.abs(lon - 0.001) < 1e-6 && Math.abs(lat) < 1e-6);
});

test("the middle of an area is its centre, whatever its far coordinates and the order of its corners", () => {
  const [x, y] = CAEN;
  const ring = [
    [x, y],
    [x + 0.002, y],
    [x + 0.002, y + 0.001],
    [x, y + 0.001],
    [x, y],
  ];
  for (const coordinates of [[ring], [ring.toReversed()]]) {
    const [lon, lat] = middleOf({ type: "Polygon", coordinates });
    assert.ok(Math.abs(lon - x - 0.001) < 1e-9 && Math.abs(lat - y - 0.0005) < 1e-9);
  }
  const small = ring.map(([lon, lat]) => [lon / 10, lat / 10]);
  assert.deepEqual(
    middleOf({ type: "MultiPolygon", coordinates: [[small], [ring]] }),
    middleOf({ type: "Polygon", coordinates: [ring] }),
  );
});

test("an area without any extent still has a middle", () => {
  const flat = [
    [1, 1],
    [2, 2],
    [1, 1],
  ];
  assert.deepEqual(middleOf({ type: "Polygon", coordinates: [flat] }), [1, 1]);
});

test("a point is its own middle, many points are their first", () => {
  assert.deepEqual(middleOf({ type: "Point", coordinates: CAEN }), CAEN);
  assert.deepEqual(middleOf({ type: "MultiPoint", coordinates: [CAEN, [0, 0]] }), CAEN);
});

test("positions of a collection of geometries are those of its parts", () => {
  const parts = [
    { type: "Point", coordinates: [1, 2] },
    {
      type: "LineString",
      coordinates: [
        [3, 4],
        [5, 6],
      ],
    },
  ];
  assert.equal([...positions({ type: "GeometryCollection", geometries: parts })].length, 3);
});
