//! Round trips: how long a small request takes, and why where that is long.

use std::fs;
use std::path::Path;
use std::time::Duration;

use engram_link::LinkError;

use super::SelfTest;
use super::bench::Bench;
use super::connection::Port;
use super::network::Tested;
use super::report::{Check, Times};

/// Round trips that are measured on a port, and on a simulation.
const ON_PORT: usize = 100;
const SIMULATED: usize = 10;
/// The most that the middle one may take, besides the bytes' own time on the line.
const MOST: Duration = Duration::from_millis(8);
/// Bytes of a status request and its reply.
const BYTES: f64 = 20.0;
/// Round trips of an adapter that holds bytes back for 16 ms.
const HOLDING: std::ops::Range<f64> = 12.0..20.0;

impl<M: Tested> Bench<'_, '_, M> {
    /// Measures round trips.
    pub(super) fn round_trips(&mut self, test: &SelfTest, loading: f64) -> Result<Times, LinkError> {
        self.checks.begin("round trip");
        let simulated = self.port.as_ref().is_none_or(|port| port.pseudo);
        let mut trips = Vec::new();
        for _ in 0..if simulated { SIMULATED } else { ON_PORT } {
            self.status()?;
            trips.push(self.driver.last_exchange());
        }
        let times = Times::of(trips, loading);
        let wire = Duration::from_secs_f64(BYTES * 10.0 / f64::from(test.baud.max(1)));
        let most = test.round_trip.or((!simulated).then_some(MOST + wire));
        let Times { min_ms, median_ms, max_ms, requests_per_second, .. } = times;
        let found = format!("{median_ms:.2} ms ({min_ms:.2} to {max_ms:.2}), {requests_per_second} requests/s");
        self.checks.add(match most {
            None => Check::passed("round trip", found, "any: the time of a simulation says nothing of a board's"),
            Some(most) => {
                let most = most.as_secs_f64() * 1e3;
                let expected = format!("{most:.1} ms at most, in the middle of them");
                if median_ms <= most {
                    Check::passed("round trip", found, expected)
                } else {
                    Check::failed("round trip", found, expected, slow(median_ms, self.port.as_ref()))
                }
            }
        });
        Ok(times)
    }
}

/// The advice on slow round trips.
fn slow(median_ms: f64, port: Option<&Port>) -> String {
    let path = port.map_or(Path::new("/dev/ttyUSB0"), |port| &port.path);
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let timer = format!("/sys/bus/usb-serial/devices/{name}/latency_timer");
    let set = fs::read_to_string(&timer).ok().map(|text| text.trim().to_string());
    let set = set.map_or(String::new(), |milliseconds| format!(" (it is {milliseconds} ms now)"));
    let how = format!(
        "lower its latency timer{set}: `echo 1 | sudo tee {timer}`, or `setserial {} low_latency`. To keep it, put this line into \
         /etc/udev/rules.d/99-latency.rules: ACTION==\"add\", SUBSYSTEM==\"usb-serial\", DRIVER==\"ftdi_sio\", \
         ATTR{{latency_timer}}=\"1\"",
        path.display()
    );
    if HOLDING.contains(&median_ms) {
        format!("The adapter holds bytes back for about 16 ms, as FTDI chips do unless told otherwise: {how}.")
    } else {
        format!(
            "Something between host and board holds bytes back: a hub, a virtual machine, a network in between. If the adapter is an FTDI \
             chip, {how}."
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_adapter_that_holds_bytes_back_is_known_by_its_time() {
        let port = Port { path: "/dev/ttyUSB7".into(), pseudo: false };
        let ftdi = slow(15.9, Some(&port));
        assert!(ftdi.starts_with("The adapter holds bytes back for about 16 ms"), "{ftdi}");
        assert!(ftdi.contains("echo 1 | sudo tee /sys/bus/usb-serial/devices/ttyUSB7/latency_timer"), "{ftdi}");
        assert!(slow(60.0, Some(&port)).starts_with("Something between"));
    }
}
