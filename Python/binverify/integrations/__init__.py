"""Masks of `binverify.decode` in other programs; each module is imported only when it is used.

`transformers`, `vllm`, `sglang` and `llama_cpp` are named after what they serve.
"""
