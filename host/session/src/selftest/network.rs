//! The parts of a network that a self-test needs: a built-in program, requests, and what they cost.

use engram_link::LinkError;
use engram_spec::frame::{Command, Refusal};
use engram_spec::machine::Identity;

use super::SelfTest;
use super::bench::Bench;
use crate::failure::Failure;
use crate::model::Model;
use crate::paired::Compared;

/// A part of a device that is tested by itself: a program in which only this part, and the parts before it, do anything.
pub(super) struct Layer<M: Tested> {
    /// The part, in words.
    pub(super) name: &'static str,
    pub(super) program: M::Program,
    pub(super) sequences: Vec<M::Sequence>,
}

/// A network that can be tested.
pub(super) trait Tested: Compared {
    /// Requests from a `clear` on.
    type Sequence;

    /// The size and build of a device that is simulated for the test.
    fn simulated(test: &SelfTest) -> Result<(Self::Geometry, Self::Build), Failure>;

    /// The integer model of a device.
    fn beside(geometry: &Self::Geometry, build: Self::Build) -> Self::Integer;

    /// The names of the sizes in an identity.
    const SIZES: [&'static str; 5];

    /// The build in words.
    fn built(build: Self::Build) -> String;

    /// The first thing in which a device is not what is wanted: what it has and what it should have.
    fn unwanted(identity: &Identity<Self>, test: &SelfTest) -> Option<(String, String)>;

    /// The parts of a device, from the simplest program on. The last one is the whole device's.
    fn layers(geometry: &Self::Geometry, build: Self::Build) -> Vec<Layer<Self>>
    where
        Self: Sized;

    /// Another network that the device can do, beside that of the last part: one in which it does something else.
    fn other(_geometry: &Self::Geometry, _build: Self::Build) -> Option<Layer<Self>>
    where
        Self: Sized,
    {
        None
    }

    /// The program of a model for a device of this size.
    fn program_of(model: &Model, geometry: &Self::Geometry) -> anyhow::Result<Self::Program>;

    /// Sequences of requests to a program, the same in every run.
    fn sequences(program: &Self::Program) -> Vec<Self::Sequence>;

    /// The requests of a sequence.
    fn calls(sequence: &Self::Sequence) -> Vec<Self::Call<'_>>;

    /// The cycles that each request of a sequence takes on hardware, where the replies are these; `None` for those that are not known
    /// one by one.
    fn due(
        program: &Self::Program,
        build: Self::Build,
        sequence: &Self::Sequence,
        expected: &[Self::Reply],
    ) -> Vec<Option<u32>>;

    /// A reply without its cycles, and these where it has any.
    fn split(reply: Self::Reply) -> (Self::Reply, Option<u32>);

    /// A reply in words.
    fn words(reply: &Self::Reply) -> String;

    /// Calls that are refused after `clear`, with a name and the refusal.
    fn refused(program: &Self::Program) -> Vec<(&'static str, Self::Call<'static>, Refusal)>;

    /// A request that counts one up, to see that a repeat does not count twice.
    fn counted() -> (Command, Vec<u8>);

    /// The counts since `clear`, by name.
    fn counts(progress: Self::Progress) -> Vec<(&'static str, u64)>;

    /// Checks what only this network has.
    fn more(_bench: &mut Bench<'_, '_, Self>, _model: Option<&Model>) -> Result<(), LinkError>
    where
        Self: Sized,
    {
        Ok(())
    }
}
