//! What the commands share of recurrent networks: where sequences come from, the backend and the integer model beside it.

pub mod arguments;
pub mod continuation;
pub mod counters;
pub mod gates;
pub mod inputs;
pub mod miscount;
pub mod paired;
pub mod parting;
pub mod remembered;
pub mod remembering;
pub mod savings;
pub mod shares;
pub mod source;
pub mod test_data;
pub mod verdicts;
