//! The bAbI text: reader, and generator of the tasks.
