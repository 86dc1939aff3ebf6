#!/bin/sh
# Makes the built-in text kjv.txt.gz again. Needs the Debian packages bible-kjv and bible-kjv-text
# (4.38) installed. SHA-256 of the unpacked text:
# e0866b686f87c033c0f0027377e3076876c19b6a994a3685e200e399e63f030e
set -eu
# With -f (which switches pretty printing off) a verse stands on one line, with its reference in front, which is cut off.
bible -f 'Mat1:1-Acts28:31' < /dev/null | sed 's/^[^ ]* //' | gzip -9n > "${1:-kjv.txt.gz}"
