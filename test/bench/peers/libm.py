"""Nanoseconds of one scalar exp of the C library, through numpy kept from its AVX-512 loops; the best of thirty."""
import time

import numpy as np
from serve import serve


def exp(request):
    x = np.linspace(-3, 3, 4096)
    y = np.empty_like(x)
    best = float("inf")
    for _ in range(30):
        began = time.perf_counter()
        for _ in range(20):
            np.exp(x, out=y)
        best = min(best, (time.perf_counter() - began) / 20 / x.size)
    return {"nanoseconds": best * 1e9}


serve(["numpy"], others={"exp": exp})
