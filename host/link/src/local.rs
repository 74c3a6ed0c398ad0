//! An endpoint in this process as a transport: a host and a device in software without a line between them.

use std::collections::VecDeque;
use std::io;
use std::time::Duration;

use engram_spec::machine::{Device, Machine};

use crate::endpoint::Endpoint;
use crate::transport::Transport;

/// The transport to an endpoint in this process. A reply has arrived as soon as its request was sent.
pub struct Local<M: Machine, D> {
    endpoint: Endpoint<M, D>,
    arrived: VecDeque<u8>,
}

impl<M: Machine, D: Device<M>> Local<M, D> {
    /// The transport to this endpoint.
    pub fn new(endpoint: Endpoint<M, D>) -> Local<M, D> {
        Local { endpoint, arrived: VecDeque::new() }
    }
}

impl<M: Machine, D: Device<M>> Transport for Local<M, D> {
    fn name(&self) -> String {
        "the device in this process".to_string()
    }

    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.arrived.extend(self.endpoint.push_all(bytes).map_err(io::Error::other)?);
        Ok(())
    }

    fn receive(&mut self, _: Duration) -> io::Result<Option<u8>> {
        Ok(self.arrived.pop_front())
    }
}
