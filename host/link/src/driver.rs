//! The host's side: a device at the far end of a transport.

use std::time::Duration;

use engram_spec::DeviceError;
use engram_spec::frame::Command;
use engram_spec::machine::{Device, Identity, Load, Machine, Order, Size, Status};

use crate::error::LinkError;
use crate::exchange::{Counters, Exchange, Options};
use crate::frames::Item;
use crate::payload;
use crate::transport::Transport;

/// A device of network `M` at the far end of a transport.
///
/// A request whose reply does not come, or comes damaged, is repeated with the same number, so that the device carries it out once, and
/// nothing behind it before. Where all repeats fail nobody can know whether it was carried out: after such an error `clear` or load again.
#[derive(Debug)]
pub struct Driver<M: Machine, T> {
    exchange: Exchange<T>,
    identity: Identity<M>,
}

impl<M: Machine, T: Transport> Driver<M, T> {
    /// Meets the device at the far end: identifies it, which checks that it speaks this version of the frames and runs this
    /// network.
    pub fn connect(transport: T, options: Options) -> Result<Driver<M, T>, LinkError> {
        let mut exchange = Exchange::new(transport, options)?;
        let identity = payload::to_identity(&exchange.request(Command::Identify, &[])?)?;
        Ok(Driver { exchange, identity })
    }

    /// Makes sure that the device holds the program, as [`Device::ensure`] does, with errors that name both sides where device
    /// and program do not match.
    pub fn ensure(&mut self, program: &M::Program, progress: &mut dyn FnMut(usize, usize)) -> Result<bool, LinkError> {
        self.check(program)?;
        let absent = self.identity.loaded != Some(program.hash());
        if absent {
            self.send_program(program, progress)?;
        } else {
            self.exchange.request(Command::Clear, &[])?;
        }
        Ok(absent)
    }

    /// Loads the program, as [`Device::load_with`] does, with the same errors.
    pub fn load_with(&mut self, program: &M::Program, progress: &mut dyn FnMut(usize, usize)) -> Result<(), LinkError> {
        self.check(program)?;
        self.send_program(program, progress)
    }

    /// Asks the device for its identity, and checks that the program is made for it. Nothing in the device changes.
    fn check(&mut self, program: &M::Program) -> Result<(), LinkError> {
        program.validate().map_err(|error| LinkError::Program(error.into()))?;
        let Identity { geometry, build, .. } = self.ask_identity()?;
        if geometry != program.geometry() {
            return Err(LinkError::Geometry { device: geometry.name(), program: program.geometry().name() });
        }
        match M::mismatch(build, program) {
            Some((device, program)) => Err(LinkError::Build { device, program }),
            None => Ok(()),
        }
    }

    fn send_program(&mut self, program: &M::Program, progress: &mut dyn FnMut(usize, usize)) -> Result<(), LinkError> {
        let rows: Vec<Item> = program.rows().iter().map(|row| Item::new(Command::Row, row)).collect();
        self.exchange.request(Command::Begin, &program.settings())?;
        self.identity.loaded = None;
        progress(0, rows.len());
        let total = rows.len();
        let loaded = self.exchange.run(&rows, &mut |done| {
            // The last row is not the end.
            if done < total {
                progress(done, total);
            }
        });
        loaded.map_err(|(_, error)| error)?;
        let hash = program.hash();
        self.exchange.request(Command::Seal, &hash.to_le_bytes())?;
        self.identity.loaded = Some(hash);
        progress(total, total);
        Ok(())
    }

    fn ask_identity(&mut self) -> Result<Identity<M>, LinkError> {
        self.identity = payload::to_identity(&self.exchange.request(Command::Identify, &[])?)?;
        Ok(self.identity)
    }

    /// Carries out a call, as [`Device::call`] does, with the link's errors.
    pub fn try_call(&mut self, call: &M::Call<'_>) -> Result<M::Reply, LinkError> {
        let item = self.item(call)?;
        let found = self.exchange.request(item.command, &item.payload)?;
        M::reply(item.command, &found).ok_or(LinkError::Payload { what: "a reply", found })
    }

    /// Carries out orders in their turn, as [`Device::run`] does, with the link's errors: several in a frame, and several frames under
    /// way.
    pub fn try_run(&mut self, orders: &[Order<'_, M>]) -> Result<Vec<Option<M::Reply>>, LinkError> {
        let item = |order: &Order<'_, M>| match order {
            Order::Clear => Ok(Item::new(Command::Clear, &[])),
            Order::Call(call) => self.item(call),
            Order::Tell(call) => Ok(self.item(call)?.brief()),
        };
        let items = orders.iter().map(item).collect::<Result<Vec<Item>, LinkError>>()?;
        let payloads = self.exchange.run(&items, &mut |_| {}).map_err(|(_, error)| error)?;
        let reply = |(item, found): (Item, Vec<u8>)| {
            if item.brief || item.command == Command::Clear {
                return Ok(None);
            }
            M::reply(item.command, &found).map(Some).ok_or(LinkError::Payload { what: "a reply", found })
        };
        items.into_iter().zip(payloads).map(reply).collect()
    }

    /// The item of a call.
    fn item(&self, call: &M::Call<'_>) -> Result<Item, LinkError> {
        let (command, payload) = M::request(call, &self.identity.geometry);
        // The commands that a device may lack are those of memoization.
        if !M::has(self.identity.build, command) {
            return Err(LinkError::NoMemoization);
        }
        Ok(Item::new(command, &payload))
    }

    /// The identity of the device when it was last asked, or was last loaded.
    pub fn identity(&self) -> Identity<M> {
        self.identity
    }

    /// The traffic of the link since the driver was made.
    pub fn counters(&self) -> Counters {
        self.exchange.counters()
    }

    /// The time of the last exchange, from the request's first byte to the reply's last, with all repeats.
    pub fn last_exchange(&self) -> Duration {
        self.exchange.last()
    }

    /// The transport, to look into a simulation for instance. Bytes sent past the driver are line noise to it.
    pub fn transport_mut(&mut self) -> &mut T {
        self.exchange.transport_mut()
    }

    /// Ends the driver and gives the transport back.
    pub fn into_transport(self) -> T {
        self.exchange.into_transport()
    }
}

impl<M: Machine, T: Transport> Device<M> for Driver<M, T> {
    fn identify(&mut self) -> Result<Identity<M>, DeviceError> {
        Ok(self.ask_identity()?)
    }

    fn load_with(&mut self, program: &M::Program, progress: &mut dyn FnMut(usize, usize)) -> Result<(), DeviceError> {
        Ok(self.load_with(program, progress)?)
    }

    fn ensure(&mut self, program: &M::Program, progress: &mut dyn FnMut(usize, usize)) -> Result<bool, DeviceError> {
        Ok(self.ensure(program, progress)?)
    }

    fn clear(&mut self) -> Result<(), DeviceError> {
        self.exchange.request(Command::Clear, &[])?;
        Ok(())
    }

    fn call(&mut self, call: M::Call<'_>) -> Result<M::Reply, DeviceError> {
        Ok(self.try_call(&call)?)
    }

    fn run(&mut self, orders: &[Order<'_, M>]) -> Result<Vec<Option<M::Reply>>, DeviceError> {
        Ok(self.try_run(orders)?)
    }

    fn status(&mut self) -> Result<Status<M>, DeviceError> {
        Ok(payload::to_status(&self.exchange.request(Command::Status, &[])?)?)
    }
}
