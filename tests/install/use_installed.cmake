# Installs the build in BUILD_DIR below WORK_DIR, builds the project in EXAMPLE_DIR against that copy alone, runs it on
# a small repository and checks what it prints.
#   cmake -DBUILD_DIR= -DEXAMPLE_DIR= -DWORK_DIR= -DGENERATOR= -DCXX_COMPILER= [-DSANITIZE=] -P use_installed.cmake

function(run)
  cmake_parse_arguments(RUN "" "OUTPUT;EXIT;IN" "COMMAND" ${ARGN})
  if(NOT DEFINED RUN_EXIT)
    set(RUN_EXIT 0)
  endif()
  execute_process(COMMAND ${RUN_COMMAND} WORKING_DIRECTORY ${RUN_IN}
    OUTPUT_VARIABLE output ERROR_VARIABLE errors RESULT_VARIABLE result)
  if(NOT result EQUAL RUN_EXIT)
    message(FATAL_ERROR "exit ${result}, not ${RUN_EXIT}: ${RUN_COMMAND}\n${output}\n${errors}")
  endif()
  if(DEFINED RUN_OUTPUT)
    set(${RUN_OUTPUT} "${output}" PARENT_SCOPE)
  endif()
endfunction()

file(REMOVE_RECURSE ${WORK_DIR})
file(MAKE_DIRECTORY ${WORK_DIR}/repo)

set(flags "")
if(SANITIZE)
  set(flags "-fsanitize=${SANITIZE}")
endif()
run(IN ${WORK_DIR} COMMAND ${CMAKE_COMMAND} --install ${BUILD_DIR} --prefix ${WORK_DIR}/prefix)
run(IN ${WORK_DIR} COMMAND ${CMAKE_COMMAND} -S ${EXAMPLE_DIR} -B ${WORK_DIR}/build -G ${GENERATOR}
  -DCMAKE_CXX_COMPILER=${CXX_COMPILER} -DCMAKE_PREFIX_PATH=${WORK_DIR}/prefix "-DCMAKE_CXX_FLAGS=${flags}")
run(IN ${WORK_DIR} COMMAND ${CMAKE_COMMAND} --build ${WORK_DIR}/build)

# A token made here and now, so that none stands in the tree.
string(RANDOM LENGTH 37 ALPHABET ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789 body)
file(WRITE ${WORK_DIR}/repo/settings.py "key = \"r8" "_${body}\"\n")
set(git git -c user.name=Ada -c user.email=ada@example.org -c init.defaultBranch=main)
run(IN ${WORK_DIR}/repo COMMAND ${git} init -q)
run(IN ${WORK_DIR}/repo COMMAND ${git} add settings.py)
run(IN ${WORK_DIR}/repo COMMAND ${git} commit -q -m "Add settings")

run(IN ${WORK_DIR} EXIT 1 OUTPUT printed COMMAND ${WORK_DIR}/build/count_tokens ${WORK_DIR}/repo)
if(NOT printed STREQUAL "blob: 1\ncomplete scan\n")
  message(FATAL_ERROR "the example printed:\n${printed}")
endif()

# The same without CMake, by pkg-config.
find_program(PKG_CONFIG pkg-config)
if(PKG_CONFIG AND NOT SANITIZE)
  file(GLOB_RECURSE pc ${WORK_DIR}/prefix/r8scan.pc)
  get_filename_component(pc_folder ${pc} DIRECTORY)
  run(IN ${WORK_DIR} OUTPUT words COMMAND ${CMAKE_COMMAND} -E env PKG_CONFIG_PATH=${pc_folder}
    ${PKG_CONFIG} --define-variable=prefix=${WORK_DIR}/prefix --cflags --libs r8scan)
  separate_arguments(words UNIX_COMMAND "${words}")
  run(IN ${WORK_DIR} COMMAND ${CXX_COMPILER} ${EXAMPLE_DIR}/count_tokens.cpp -o ${WORK_DIR}/by_pkg_config ${words})
  run(IN ${WORK_DIR} EXIT 1 OUTPUT printed COMMAND ${WORK_DIR}/by_pkg_config ${WORK_DIR}/repo)
  if(NOT printed STREQUAL "blob: 1\ncomplete scan\n")
    message(FATAL_ERROR "the example built by pkg-config printed:\n${printed}")
  endif()
endif()
