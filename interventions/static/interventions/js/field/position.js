/** Where the telephone is, as it finds out: the latest fix, until a person says otherwise. */

const OPTIONS = { enableHighAccuracy: true, maximumAge: 5000, timeout: 20000 };
const DENIED = 1;

/** `onFix({ lon, lat, accuracyM })` for each position, `onFailure(denied)` when there is none. Answers `{ again }`. */
export function follow({ onFix, onFailure }) {
  let watch = null;

  function again() {
    if (!navigator.geolocation) return onFailure(true);
    if (watch !== null) navigator.geolocation.clearWatch(watch);
    watch = navigator.geolocation.watchPosition(
      ({ coords }) => onFix({ lon: coords.longitude, lat: coords.latitude, accuracyM: coords.accuracy }),
      ({ code }) => onFailure(code === DENIED),
      OPTIONS,
    );
  }

  again();
  return { again };
}
