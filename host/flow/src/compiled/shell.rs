//! The module around a design whose ports have plain names: `clock`, `i0`, `i1`, ..., `o0`, `o1`, ...

use std::collections::BTreeSet;

use super::{Design, Port};
use crate::error::Error;

/// The module's name, free of characters that a compiler would mangle.
pub(super) const NAME: &str = "EngramShell";
/// The file name of the module.
pub(super) const FILE: &str = "shell.v";

/// The Verilog of the module that instances the design. The instance is named `top`.
pub(super) fn wrap(design: &Design) -> Result<String, Error> {
    check(design)?;
    let range = |port: &Port| if port.width == 1 { String::new() } else { format!("[{}:0] ", port.width - 1) };
    let mut ports = vec!["input wire clock".to_string()];
    let mut links: Vec<String> = design.clock.iter().map(|clock| format!(".\\{clock} (clock)")).collect();
    for (number, port) in design.inputs.iter().enumerate() {
        ports.push(format!("input wire {}i{number}", range(port)));
        links.push(format!(".\\{} (i{number})", port.name));
    }
    for (number, port) in design.outputs.iter().enumerate() {
        ports.push(format!("output wire {}o{number}", range(port)));
        links.push(format!(".\\{} (o{number})", port.name));
    }
    let (ports, links) = (ports.join(",\n  "), links.join(",\n    "));
    Ok(format!("module {NAME}(\n  {ports}\n);\n  \\{} top (\n    {links}\n  );\nendmodule\n", design.top))
}

/// Refuses names that are no Verilog names and widths that no `u64` holds.
fn check(design: &Design) -> Result<(), Error> {
    let wrong = |reason| Err(Error::Design { top: design.top.clone(), reason });
    let ports = || design.inputs.iter().chain(&design.outputs);
    let names = || ports().map(|port| &port.name).chain(&design.clock);
    if let Some(name) = names().chain([&design.top]).find(|name| !is_name(name)) {
        return wrong(format!("{name:?} is no name in Verilog"));
    }
    if let Some(port) = ports().find(|port| !(1..=64).contains(&port.width)) {
        return wrong(format!("port {} is {} bits wide, but must be 1 to 64", port.name, port.width));
    }
    let mut seen = BTreeSet::new();
    match names().find(|name| !seen.insert(*name)) {
        Some(name) => wrong(format!("port {name} is listed twice")),
        None => Ok(()),
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn design() -> Design {
        Design {
            verilog: String::new(),
            top: "top$mac".to_string(),
            clock: Some("clock$".to_string()),
            inputs: vec![Port::new("x", 1)],
            outputs: vec![Port::new("acc$0", 64)],
        }
    }

    #[test]
    fn names_are_escaped() {
        let expected = "module EngramShell(\n  input wire clock,\n  input wire i0,\n  output wire [63:0] o0\n);\n  \
                        \\top$mac top (\n    .\\clock$ (clock),\n    .\\x (i0),\n    .\\acc$0 (o0)\n  );\nendmodule\n";
        assert_eq!(wrap(&design()).unwrap(), expected);
    }

    #[test]
    fn what_cannot_be_wrapped_is_refused() {
        let refused = |change: fn(&mut Design)| {
            let mut design = design();
            change(&mut design);
            wrap(&design).unwrap_err().to_string()
        };
        assert_eq!(
            refused(|d| d.inputs[0].width = 65),
            "engram cannot compile module top$mac: port x is 65 bits wide, but must be 1 to 64"
        );
        assert_eq!(
            refused(|d| d.inputs[0].width = 0),
            "engram cannot compile module top$mac: port x is 0 bits wide, but must be 1 to 64"
        );
        assert!(refused(|d| d.outputs[0].name = "a b".to_string()).contains("no name in Verilog"));
        assert!(refused(|d| d.outputs[0].name = "x".to_string()).contains("listed twice"));
    }
}
