//! Proof that the hardware and the integer model are the same function.
