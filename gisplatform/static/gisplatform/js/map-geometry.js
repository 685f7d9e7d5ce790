/** Geometry on the ground, in degrees and metres; knows neither the map nor the page. */

const EARTH_M = 6_371_008.8;

/** Every position of a GeoJSON geometry. */
export function* positions(geometry) {
  if (geometry?.type === "GeometryCollection") {
    for (const part of geometry.geometries) yield* positions(part);
  } else if (geometry) {
    yield* flat(geometry.coordinates);
  }
}

function* flat(coordinates) {
  if (typeof coordinates[0] === "number") yield coordinates;
  else for (const part of coordinates) yield* flat(part);
}

/** [[west, south], [east, north]] of a collection, a feature or a geometry; null when it is empty. */
export function boundsOf(geojson) {
  const geometries = (geojson?.features ?? [geojson]).map((each) => each?.geometry ?? each);
  const all = geometries
    .filter((each) => each?.type && each.type !== "Feature")
    .flatMap((each) => [...positions(each)]);
  if (all.length === 0) return null;
  const lons = all.map(([lon]) => lon);
  const lats = all.map(([, lat]) => lat);
  const least = (numbers) => numbers.reduce((a, b) => Math.min(a, b));
  const most = (numbers) => numbers.reduce((a, b) => Math.max(a, b));
  return [
    [least(lons), least(lats)],
    [most(lons), most(lats)],
  ];
}

/** A polygon of `corners` sides around a place: the circle of `radiusM` metres on the ground. */
export function circle(lon, lat, radiusM, corners = 64) {
  const north = ((radiusM / EARTH_M) * 180) / Math.PI;
  const east = north / Math.cos((lat * Math.PI) / 180);
  const ring = Array.from({ length: corners }, (_, i) => {
    const angle = (2 * Math.PI * i) / corners;
    return [lon + east * Math.sin(angle), lat + north * Math.cos(angle)];
  });
  return { type: "Polygon", coordinates: [[...ring, ring[0]]] };
}

/** Metres on the ground between two [longitude, latitude]; good to a millimetre over a street. */
export function metresBetween([lon1, lat1], [lon2, lat2]) {
  const rad = Math.PI / 180;
  const a =
    Math.sin(((lat2 - lat1) * rad) / 2) ** 2 +
    Math.cos(lat1 * rad) * Math.cos(lat2 * rad) * Math.sin(((lon2 - lon1) * rad) / 2) ** 2;
  return 2 * EARTH_M * Math.asin(Math.sqrt(a));
}

/** Metres along a line. */
export function lengthOf(line) {
  return line.slice(1).reduce((sum, to, i) => sum + metresBetween(line[i], to), 0);
}

/** Square metres inside a ring of corners, the first not repeated; good to a thousandth over a town. */
export function squareMetresOf(corners) {
  if (corners.length < 3) return 0;
  const [x0, y0] = corners[0];
  const north = (EARTH_M * Math.PI) / 180;
  const east = north * Math.cos((y0 * Math.PI) / 180);
  const local = corners.map(([x, y]) => [(x - x0) * east, (y - y0) * north]);
  return Math.abs(areaOf([...local, local[0]])) / 2;
}

/** Does the outline of these corners meet itself elsewhere than at a corner it turns at? */
export function crossesItself(corners) {
  const sides = corners.map((from, i) => [from, corners[(i + 1) % corners.length]]);
  return sides.some((side, i) =>
    sides.slice(i + 1).some((other, gap) => {
      const next = gap === 0;
      const before = i === 0 && gap === sides.length - 2;
      if (next) return foldsBack(side[0], side[1], other[1]);
      if (before) return foldsBack(other[0], other[1], side[1]);
      return meet(side, other);
    }),
  );
}

// Twice the signed area of a triangle: on which side of a line its third corner lies.
function turn([x1, y1], [x2, y2], [x3, y3]) {
  return (x2 - x1) * (y3 - y1) - (y2 - y1) * (x3 - x1);
}

function foldsBack(from, corner, to) {
  const along = (from[0] - corner[0]) * (to[0] - corner[0]) + (from[1] - corner[1]) * (to[1] - corner[1]);
  return turn(from, corner, to) === 0 && along > 0;
}

function meet([a, b], [c, d]) {
  const [abc, abd, cda, cdb] = [turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)];
  if (abc * abd < 0 && cda * cdb < 0) return true;
  const lies = (on, [p, q], r) => on === 0 && within(p[0], r[0], q[0]) && within(p[1], r[1], q[1]);
  return lies(abc, [a, b], c) || lies(abd, [a, b], d) || lies(cda, [c, d], a) || lies(cdb, [c, d], b);
}

function within(a, b, c) {
  return Math.min(a, c) <= b && b <= Math.max(a, c);
}

/** One position that stands for a geometry: the point, the middle of a line, the centre of the largest ring. */
export function middleOf(geometry) {
  switch (geometry.type) {
    case "Point":
      return geometry.coordinates;
    case "LineString":
      return halfway(geometry.coordinates);
    case "Polygon":
      return centreOf(geometry.coordinates[0]);
    case "MultiPolygon":
      return centreOf(largest(geometry.coordinates.map(([outer]) => outer)));
    case "MultiLineString":
      return halfway(geometry.coordinates[0]);
    default:
      return positions(geometry).next().value;
  }
}

function halfway(line) {
  const lengths = line.slice(1).map((end, i) => metresBetween(line[i], end));
  let left = lengths.reduce((sum, length) => sum + length, 0) / 2;
  for (const [i, length] of lengths.entries()) {
    if (left <= length && length > 0) return between(line[i], line[i + 1], left / length);
    left -= length;
  }
  return line[0];
}

function between([x1, y1], [x2, y2], share) {
  return [x1 + (x2 - x1) * share, y1 + (y2 - y1) * share];
}

// Twice the signed area, in square degrees: good enough to compare and to weigh.
function areaOf(ring) {
  return ring.slice(1).reduce((sum, [x, y], i) => sum + ring[i][0] * y - x * ring[i][1], 0);
}

function largest(rings) {
  return rings.reduce((best, ring) => (Math.abs(areaOf(ring)) > Math.abs(areaOf(best)) ? ring : best));
}

function centreOf(ring) {
  const [x0, y0] = ring[0];
  // From its first corner on: products of whole coordinates would lose the digits that matter.
  const local = ring.map(([x, y]) => [x - x0, y - y0]);
  const area = areaOf(local);
  if (area === 0) return ring[0];
  const sum = (axis) =>
    local.slice(1).reduce((total, to, i) => {
      const from = local[i];
      return total + (from[axis] + to[axis]) * (from[0] * to[1] - to[0] * from[1]);
    }, 0);
  return [x0 + sum(0) / (3 * area), y0 + sum(1) / (3 * area)];
}
