"""A tokenizer and a language model made here: nothing is downloaded."""

import random

import tokenizers
import torch
import transformers

from binverify import decode

END = "<end>"
MNEMONICS = ["add", "and", "mov", "neg", "not", "or", "ret", "sub", "xor"]


def tokenizer(size=400):
    """A byte-level BPE of hexadecimal code, trained on random acceptable code."""
    chance = random.Random(0)
    decoder = decode.Decoder(
        "x86-64", decode.Vocabulary.hex_digits(), maximum_instructions=6,
        allowed_mnemonics=MNEMONICS,
    )
    lines = []
    for _ in range(60):
        matcher = decoder.matcher()
        while not matcher.is_terminated():
            mask = decode.allocate_token_bitmask(1, 17)
            matcher.fill_next_token_bitmask(mask)
            matcher.accept_token(chance.choice([t for t in range(17) if mask[0, 0] >> t & 1]))
        lines.append(matcher.program.code.hex())
    made = tokenizers.Tokenizer(tokenizers.models.BPE())
    made.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = tokenizers.decoders.ByteLevel()
    made.train_from_iterator(
        lines, tokenizers.trainers.BpeTrainer(
            vocab_size=size, special_tokens=[END], show_progress=False,
            initial_alphabet=tokenizers.pre_tokenizers.ByteLevel.alphabet(),
        )
    )
    return made


def model(width, end, layers=1, seed=0):
    """A randomly initialised transformer of so many logits."""
    torch.manual_seed(seed)
    config = transformers.LlamaConfig(
        vocab_size=width, hidden_size=32, intermediate_size=64, num_hidden_layers=layers,
        num_attention_heads=2, num_key_value_heads=2, max_position_embeddings=512,
        eos_token_id=end, pad_token_id=end, bos_token_id=end,
    )
    return transformers.LlamaForCausalLM(config).eval()
