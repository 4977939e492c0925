"""Takes TensorFlow's libraries and C headers out of a wheel: extract_wheel.py WHEEL FOLDER."""

import sys
import zipfile

HEADERS = tuple(
    f"tensorflow/include/{folder}/"
    for folder in ("tensorflow/c", "tensorflow/core/platform", "tsl/c", "tsl/platform")
)
LIBRARIES = ("tensorflow/libtensorflow_cc.so.2", "tensorflow/libtensorflow_framework.so.2")

wheel, folder = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        if name in LIBRARIES or name.startswith(HEADERS):
            archive.extract(name, folder)
