// Taken at 08:13 by the author of exports (not by the workspace author, who goes on with calibration and figures).
