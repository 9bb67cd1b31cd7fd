// "Did you mean" of the command line.
#pragma once

#include "util/suggest.h"
