"""Floor 6: replications of scenarios, on processes, threads or a cluster; stopping, equilibrium."""
