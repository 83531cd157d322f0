#!/usr/bin/env python3
"""Matrix products of llama.cpp's Vulkan backend (ggml-vulkan), f32, called directly: C[m][n] = A[m][k] B[n][k]^T, the shape of a linear layer.

The libraries come ready-made in the wheel cyllama-vulkan (PyPI); any folder with libggml-base*.so* and libggml-vulkan*.so* does: --libraries FOLDER.
Prints GFLOP/s: median of the repetitions, smallest and largest. A repetition is one graph of so many products that it takes a while, so that what a
submit costs does not count. See README.md beside this file.
"""
import argparse
import ctypes
import glob
import importlib.util
import json
import os
import random
import statistics
import time

F32 = 0  # enum ggml_type


class InitParams(ctypes.Structure):
    _fields_ = [("mem_size", ctypes.c_size_t), ("mem_buffer", ctypes.c_void_p), ("no_alloc", ctypes.c_bool)]


def find_libraries(folder):
    if folder is None:
        spec = importlib.util.find_spec("cyllama")
        if spec is None:
            raise SystemExit("ggml_vulkan: no libraries; pip install --no-deps cyllama-vulkan, or --libraries FOLDER")
        folder = os.path.join(os.path.dirname(os.path.dirname(spec.origin or list(spec.submodule_search_locations)[0] + "/x")), "cyllama_vulkan.libs")
    # In the order of their dependence. A wheel's libraries find each other; a plain build's may want LD_LIBRARY_PATH.
    paths = [sorted(glob.glob(os.path.join(folder, f"libggml-{part}*.so*")))[:1] for part in ("base", "vulkan")]
    if not all(paths):
        raise SystemExit(f"ggml_vulkan: {folder} has no libggml-base or no libggml-vulkan")
    return [ctypes.CDLL(path[0], mode=ctypes.RTLD_GLOBAL) for path in paths], os.path.basename(paths[0][0])


def declare(base, vulkan):
    pointer, size = ctypes.c_void_p, ctypes.c_size_t
    for library, name, result, arguments in [
            (base, "ggml_init", pointer, [InitParams]), (base, "ggml_free", None, [pointer]),
            (base, "ggml_new_tensor_2d", pointer, [pointer, ctypes.c_int, ctypes.c_int64, ctypes.c_int64]),
            (base, "ggml_mul_mat", pointer, [pointer, pointer, pointer]), (base, "ggml_new_graph_custom", pointer, [pointer, size, ctypes.c_bool]),
            (base, "ggml_build_forward_expand", None, [pointer, pointer]), (base, "ggml_tensor_overhead", size, []),
            (base, "ggml_graph_overhead_custom", size, [size, ctypes.c_bool]), (base, "ggml_backend_alloc_ctx_tensors", pointer, [pointer, pointer]),
            (base, "ggml_backend_tensor_set", None, [pointer, pointer, size, size]), (base, "ggml_backend_tensor_get", None, [pointer, pointer, size, size]),
            (base, "ggml_backend_graph_compute", ctypes.c_int, [pointer, pointer]), (base, "ggml_backend_synchronize", None, [pointer]),
            (base, "ggml_backend_buffer_free", None, [pointer]), (vulkan, "ggml_backend_vk_init", pointer, [size]),
            (vulkan, "ggml_backend_vk_get_device_description", None, [ctypes.c_int, ctypes.c_char_p, size])]:
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments


def check(a, b, c, m, n, k):
    """A few elements against the sum in double: a product that is not computed is not measured."""
    for _ in range(8):
        i, j = random.randrange(m), random.randrange(n)
        wanted = sum(a[i * k + x] * b[j * k + x] for x in range(k))
        if abs(c[i * n + j] - wanted) > 1e-3 * k ** 0.5:
            raise SystemExit(f"ggml_vulkan: element {i}, {j} is {c[i * n + j]} instead of {wanted}")


def measure(base, backend, m, n, k, repetitions, seconds):
    flops, count, values = 2.0 * m * n * k, 1, []
    while len(values) <= repetitions:
        nodes = count + 8
        context = base.ggml_init(InitParams(base.ggml_tensor_overhead() * (count + 4) + base.ggml_graph_overhead_custom(nodes, False) + 4096, None, True))
        a, b = base.ggml_new_tensor_2d(context, F32, k, m), base.ggml_new_tensor_2d(context, F32, k, n)
        graph = base.ggml_new_graph_custom(context, nodes, False)
        products = [base.ggml_mul_mat(context, b, a) for _ in range(count)]  # ggml's result has its first operand's rows as columns
        for product in products:
            base.ggml_build_forward_expand(graph, product)
        buffer = base.ggml_backend_alloc_ctx_tensors(context, backend)
        if not buffer:
            raise SystemExit(f"ggml_vulkan: no memory for {count} products of {m} x {n}")
        a_values = (ctypes.c_float * (m * k))(*[random.uniform(-1, 1) for _ in range(m * k)])
        b_values = (ctypes.c_float * (n * k))(*[random.uniform(-1, 1) for _ in range(n * k)])
        base.ggml_backend_tensor_set(a, a_values, 0, 4 * m * k)
        base.ggml_backend_tensor_set(b, b_values, 0, 4 * n * k)
        took = 0.0
        for repetition in range(repetitions + 2):
            begin = time.perf_counter()
            if base.ggml_backend_graph_compute(backend, graph) != 0:
                raise SystemExit("ggml_vulkan: the graph failed")
            base.ggml_backend_synchronize(backend)
            took = time.perf_counter() - begin
            if repetition == 1 and took < seconds and count < 256:
                break
            if repetition > 1:
                values.append(flops * count / took / 1e9)
        c_values = (ctypes.c_float * (m * n))()
        base.ggml_backend_tensor_get(products[-1], c_values, 0, 4 * m * n)
        check(a_values, b_values, c_values, m, n, k)
        base.ggml_backend_buffer_free(buffer)
        base.ggml_free(context)
        if len(values) >= repetitions:
            return values
        count = min(256, max(2 * count, int(count * seconds / max(took, 1e-6))))
    return values


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shapes", nargs="*", default=["1024x1024x1024"], help="MxNxK, rows of A, rows of B, length of both")
    parser.add_argument("--libraries", help="folder of libggml-base and libggml-vulkan")
    parser.add_argument("--device", type=int, default=0, help="index among ggml's Vulkan devices")
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.3, help="least time of a repetition")
    parser.add_argument("--json", action="store_true", help="one line of JSON a shape")
    o = parser.parse_args()
    (base, vulkan), version = find_libraries(o.libraries)
    declare(base, vulkan)
    backend = vulkan.ggml_backend_vk_init(o.device)
    if not backend:
        raise SystemExit("ggml_vulkan: no Vulkan device")
    name = ctypes.create_string_buffer(256)
    vulkan.ggml_backend_vk_get_device_description(o.device, name, 256)
    for shape in o.shapes:
        m, n, k = map(int, shape.split("x"))
        values = measure(base, backend, m, n, k, o.repetitions, o.seconds)
        figure = {"program": version, "device": name.value.decode(), "shape": shape, "unit": "GFLOP/s",
                  "median": statistics.median(values), "min": min(values), "max": max(values)}
        if o.json:
            print(json.dumps(figure))
        else:
            print(f"{shape:>16s}  {figure['median']:8.2f} GFLOP/s ({figure['min']:.2f} .. {figure['max']:.2f})  {version} on {figure['device']}")


if __name__ == "__main__":
    main()
