#!/bin/sh
# Installs the system packages that are missing: Debian 12 and 13, Ubuntu 24.04; elsewhere, names them.
#
#   docker/system-packages.sh demo    what the demonstration needs
#   docker/system-packages.sh test    the same, and a browser
#
# Looks for what the packages bring, not for their names: a PostgreSQL from elsewhere will do, and none is needed
# when DATABASE_URL names a database. Silent when nothing is missing. The output of apt goes to .local/log/apt.log.
set -eu

purpose=${1:-demo}
python=${PYTHON:-python3}
log=.local/log/apt.log
missing=
described=

miss() { # package, what it is for
    missing="$missing $1"
    described="$described
  - $2 (Debian : $1)"
}

postgis() {
    for control in /usr/share/postgresql/*/extension/postgis.control; do
        [ -e "$control" ] || return 1
        version=${control#/usr/share/postgresql/}
        version=${version%%/*}
        [ "$version" -ge 15 ] && [ -x "/usr/lib/postgresql/$version/bin/initdb" ] && return 0
    done
    return 1
}

. /etc/os-release 2>/dev/null || ID=inconnu
case "${ID:-} ${ID_LIKE:-}" in *debian*) apt=yes ;; *) apt=no ;; esac

recent='import sys; sys.exit(sys.version_info < (3, 11))'
"$python" -c "$recent" 2>/dev/null || miss python3 "Python 3.11 ou plus récent"
"$python" -c 'import ensurepip, venv' 2>/dev/null || miss python3-venv "les environnements virtuels de Python"
command -v msgfmt >/dev/null || miss gettext "msgfmt, pour les textes français"
if [ -z "${DATABASE_URL:-}" ]; then
    postgis || miss postgresql-postgis "PostgreSQL 15 ou plus récent avec PostGIS, dans /usr/lib/postgresql (ou DATABASE_URL)"
fi
if [ "$purpose" = test ] && [ "${ID:-}" != ubuntu ]; then # Ubuntu's is a snap: Playwright brings its own there
    command -v chromium >/dev/null || miss chromium "Chromium, pour les essais dans un navigateur"
    command -v ogrinfo >/dev/null || miss gdal-bin "ogrinfo, pour relire les fichiers exportés"
    # The Node that Playwright carries needs it.
    [ "$apt" = no ] || /sbin/ldconfig -p | grep -q 'libatomic\.so\.1' || miss libatomic1 "libatomic, pour piloter le navigateur"
    [ -e /usr/lib/chromium/locales/fr.pak ] || [ "$apt" = no ] || miss chromium-l10n "Chromium en français"
    [ -d /usr/share/fonts/truetype/liberation ] || [ -d /usr/share/fonts/truetype/liberation2 ] || [ "$apt" = no ] ||
        miss fonts-liberation "des polices de caractères"
fi
[ -n "$missing" ] || exit 0

if [ "$apt" = no ]; then
    printf 'Il manque :%s\nInstallez-les avec les outils de votre système, puis recommencez.\n' "$described" >&2
    exit 1
fi
if [ "$(id -u)" = 0 ]; then
    as_root=
elif command -v sudo >/dev/null; then
    as_root=sudo
    sudo -n true 2>/dev/null || printf 'Le mot de passe de sudo va être demandé pour installer :%s\n' "$missing"
    sudo -v
else
    printf 'Il manque :%s\nLancez en tant que root : apt-get install --no-install-recommends%s\n' \
        "$described" "$missing" >&2
    exit 1
fi

printf 'Paquets du système :%s … ' "$missing"
mkdir -p .local/log
# A machine that had no PostgreSQL gets none running: Debian would make a cluster « main » and start it at boot.
quiet=/etc/postgresql-common/createcluster.d/gisplatform.conf
before=$(date +%s)
install() {
    if ! [ -e /usr/bin/pg_createcluster ]; then
        $as_root mkdir -p "${quiet%/*}" && echo 'create_main_cluster = false' | $as_root tee "$quiet" >/dev/null
    fi &&
        $as_root apt-get update &&
        # shellcheck disable=SC2086 (a list of packages)
        $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing
}
if install >"$log" 2>&1; then
    result=0
else
    result=1
fi
[ ! -e "$quiet" ] || $as_root rm -f "$quiet"
if [ $result != 0 ]; then
    printf 'échec.\n' >&2
    tail -n 20 "$log" >&2
    printf 'apt-get a échoué (%s). Vérifiez le réseau et les sources de apt, puis recommencez.\n' "$log" >&2
    exit 1
fi
printf 'fait en %s s\n' "$(($(date +%s) - before))"
if ! "$python" -c "$recent" 2>/dev/null; then
    printf '%s est trop ancien ; essayez : make PYTHON=/usr/bin/python3\n' "$(command -v "$python")" >&2
    exit 1
fi
