//! Memory networks: float, quantisation-aware training, the bit-exact integer model.
