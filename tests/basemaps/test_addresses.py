"""An address found by what people type, and what stands at a place."""

import pytest

from basemaps.addresses import reverse, search
from gisplatform.errors import InvalidGeometry
from tests.town import FAR_AWAY, degrees, line, point
from tests.town_background import STREET, landmark


@pytest.fixture(autouse=True)
def _streets(background):
    return background


def labels(text, **limits):
    return [address.label for address in search(text=text, **limits)]


@pytest.mark.parametrize(
    "typed",
    [
        "Rue Saint-Pierre",
        "rue saint pierre",
        "RUE SAINT-PIERRE MODELE",
        "r. st pierre",
        "rue sant piere",
        "saint-pi",
        "rue saint-pierre, 14000 modèle",
    ],
)
def test_a_street_is_found_whatever_its_case_accents_and_small_mistakes(typed):
    assert labels(typed)[0] == "Rue Saint-Pierre, Modèle"


@pytest.mark.parametrize("typed", ["51 rue Saint-Pierre", "rue saint pierre 51", "rue saint pierre 51 modele"])
def test_a_house_number_leads_trails_or_stands_inside(typed):
    found = search(text=typed)[0]
    assert (found.label, found.number, found.street, found.city) == (
        "51 Rue Saint-Pierre, Modèle", "51", "Rue Saint-Pierre", "Modèle",
    )  # fmt: skip
    assert found.approximate
    assert found.geom.distance(point((500, 1500))) < 0.01


def test_a_number_lies_along_the_street_between_its_ends():
    assert search(text="1 rue saint-pierre")[0].geom.distance(point((0, 1500))) < 0.01
    assert search(text="26 bis rue saint-pierre")[0].geom.distance(point((250, 1500))) < 0.01
    assert search(text="26 bis rue saint-pierre")[0].label == "26 bis Rue Saint-Pierre, Modèle"
    assert search(text="26b rue saint-pierre")[0].number == "26 b"


def test_numbers_may_run_against_the_line_and_over_several_pieces():
    assert search(text="90 boulevard brisé")[0].geom.distance(point((3100, 0))) < 0.01
    assert search(text="10 boulevard brisé")[0].geom.distance(point((3400, 500))) < 0.01


def test_a_number_in_the_name_is_not_a_house_number():
    assert labels("avenue du 6 juin")[0] == "Avenue du 6 Juin, Modèle"
    assert labels("12 avenue du 6 juin")[0] == "12 Avenue du 6 Juin, Modèle"


def test_a_number_the_street_does_not_have_is_left_out_and_the_street_answers_with_its_middle():
    found = search(text="999 rue saint-pierre")[0]
    assert (found.number, found.label) == ("", "Rue Saint-Pierre, Modèle")
    assert found.geom.distance(point((500, 1500))) < 0.01
    assert search(text="3 rue gemare")[0].label == "Rue Gémare, Modèle"


def test_the_city_decides_between_two_streets_of_one_name():
    assert labels("rue de la forge ilot")[0] == "Rue de la Forge, Îlot"
    assert labels("rue de la forge modele")[0] == "Rue de la Forge, Modèle"
    assert set(labels("rue de la forge")[:2]) == {"Rue de la Forge, Îlot", "Rue de la Forge, Modèle"}


def test_stops_places_and_parks_are_found_too():
    found = {text: search(text=text)[0] for text in ("theatre", "grace de dieu", "prairie")}
    assert [address.kind for address in found.values()] == ["stop", "place", "green"]
    assert not found["theatre"].approximate
    assert found["prairie"].approximate


def test_a_word_found_whole_counts_more_than_one_that_resembles():
    landmark(STREET, "Boulevard Maréchal Leclerc", line((0, 10), (10, 10)))
    landmark(STREET, "Boulevard Leroy", line((0, 20), (10, 20)))
    assert labels("bd leclerc")[0] == "Boulevard Maréchal Leclerc, Modèle"


def test_coordinates_answer_themselves_with_the_street_near_them(background):
    lon, lat = degrees((500, 1510))
    [found] = search(text=f"{lat:.7f}, {lon:.7f}")
    assert found.geom.distance(point((500, 1510))) < 0.1
    assert found.kind == "coordinates"
    assert "51 Rue Saint-Pierre, Modèle" in found.label


def test_metres_of_the_storage_crs_are_coordinates_too():
    [found] = search(text="450500 6901510")
    assert found.geom.distance(point((500, 1510))) < 0.01


def test_a_pair_of_numbers_that_is_nowhere_is_refused():
    with pytest.raises(InvalidGeometry):
        search(text="149.2, 200.5")


@pytest.mark.parametrize("typed", ["", "   ", "?!", "12", "xyzzy", "%_'\"; DROP TABLE"])
def test_nothing_resembling_is_an_empty_list(typed):
    assert search(text=typed) == []


def test_the_best_are_kept():
    assert len(search(text="rue", limit=2)) == 2


def test_degrees_and_metres_are_the_same_place():
    found = search(text="1 rue saint-pierre")[0]
    assert [found.lon, found.lat] == pytest.approx(degrees((0, 1500)), abs=1e-9)


def near(geom):
    found = reverse(geom=geom)
    assert found is not None
    return found


def test_reverse_gives_the_nearest_street_and_its_number():
    found = near(point((503, 1520)))
    assert (found.label, found.number) == ("51 Rue Saint-Pierre, Modèle", "51")
    assert found.away_m == pytest.approx(20)
    assert found.geom.distance(point((503, 1500))) < 0.01


def test_reverse_knows_streets_without_numbers_and_passes_by_those_without_name():
    assert near(point((150, 110))).label == "Rue Gémare, Modèle"
    assert reverse(geom=point((750, 701))) is None


def test_reverse_of_a_line_or_an_area_takes_its_nearest_point():
    assert near(line((600, 1530), (600, 1900))).street == "Rue Saint-Pierre"


def test_reverse_says_nothing_beyond_sixty_metres():
    assert near(point((900, 1560))).street == "Rue Saint-Pierre"
    assert reverse(geom=point((900, 1561))) is None
    assert reverse(geom=point(FAR_AWAY)) is None
